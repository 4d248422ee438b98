import type { Program } from '@rodpo/compile';
import { actionable } from '@rodpo/errors';
import { popularityWeights } from '@rodpo/samplers/tfjs';
import { itemCounts } from '../batches/item-counts.ts';
import type { LearnedPositions, TrainingSet } from '../batches/training-set.ts';
import { requireHostAlignment } from '../rows/require-host.ts';
import { sourceOutside } from '../rows/source-outside.ts';
import { type AlignSettings, hostNegatives, popularityExponent } from '../steps/align-settings.ts';
import {
  alignSpecs,
  alignStep,
  excludedCount,
  frozenPrefix,
  frozenRowsPrefix,
  isReferenceKept,
  referenceItems,
} from '../steps/align-step.ts';
import { checkAlignment } from '../steps/check-settings.ts';
import { centreState } from '../steps/margin-centre.ts';
import { prefixed, runningPrefix, unprefixed } from '../steps/tokens.ts';
import { splitRows } from '../workspace/item-rows.ts';
import type { Reference } from '../workspace/reference.ts';
import type { Weights } from '../workspace/weights.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { type AlignInputs, alignInputs } from './align-inputs.ts';
import { alignmentBySize } from './by-size.ts';
import { checkpointsOf } from './checkpoints-of.ts';
import { countNegatives } from './count-negatives.ts';
import { alignDefaults } from './defaults.ts';
import { type DrawBetweenSteps, drawBetweenSteps } from './draw-between-steps.ts';
import { type PoolIndex, poolIndex } from './pool-index.ts';
import { type SamplerMemory, samplerMemory } from './sampler-memory.ts';
import {
  figuresOf,
  type Limits,
  type Trained,
  type TrainingHooks,
  type TrainOptions,
  train,
} from './train.ts';
import {
  type ProgramWorkspace,
  type TrainingProgramOptions,
  trainingProgram,
} from './training-program.ts';

/** Of what a sampler remembers, beside what an index is made of. */
const samplerPrefix = 'sampler.';

/** How a pretrained model is aligned; what is left out is as in `alignDefaults`. */
export interface AlignOptions extends Partial<AlignSettings & Limits>, TrainingHooks {
  /** Names log entries, checkpoints and random numbers. Default 'align'. */
  readonly name?: string;
  /** Learn from every item of a sequence, from the last one only, or from so many at its end. Default 'all'. */
  readonly positions?: LearnedPositions;
}

/**
 * Aligns a pretrained model: rejected items are drawn for each position, and the chosen one is
 * preferred to them by DPO against the frozen model, beside λ times the cross-entropy.
 *
 * @param reference the pretrained weights: what alignment starts from, and what it is compared with
 * @see Huang et al., 2026, https://arxiv.org/abs/2603.29259
 * @throws {RangeError} (marked as actionable) if training diverges, the catalogue is too small for
 * the pool and what is excluded, or a setting is no number of its range or no known name
 * @throws {Error} (marked as actionable) if pools come from an index and usearch is not installed
 */
export async function align(
  workspace: Workspace,
  reference: Weights,
  options: AlignOptions = {},
): Promise<Trained> {
  const { name: stage = 'align' } = options;
  const told = { ...alignDefaults, ...options };
  checkAlignment(told);
  const asked = alignmentBySize(told, workspace);
  const { dataset, split, set, layout } = workspace;
  const isHost = workspace.itemRows === 'host';
  const settings = isHost ? { ...asked, negatives: sourceOutside(asked.negatives, set) } : asked;
  if (isHost) requireHostAlignment(settings);
  checkPool(stage, settings, set, excludedCount(layout, settings));
  const isCompared = settings.loss !== 'none';
  const host = isCompared ? hostNegatives(settings.negatives) : undefined;
  let drawing: DrawBetweenSteps | undefined;
  let index: PoolIndex | undefined;
  let inputsOf: AlignInputs | undefined;
  try {
    return await train(workspace, {
      ...settings,
      stage,
      checkpoints: checkpointsOf(options, workspace, {
        stage,
        settings: methodOf(asked),
        start: reference,
      }),
      program: async () => {
        index = await poolIndex(workspace, settings, reference);
        const isKept = isReferenceKept(settings) && !isHost;
        const frozen = isKept ? await workspace.reference(reference) : undefined;
        inputsOf = alignInputs(settings, workspace, frozen);
        drawing = host && (await drawBetweenSteps(workspace, host, settings, reference));
        return alignProgram(workspace, reference, settings, frozen);
      },
      extend: async (batch, program, place) => ({
        ...inputsOf?.(batch, place, await index?.candidates(batch, program, place)),
        ...(drawing ? await drawing.inputs(batch, program, place) : {}),
      }),
      measure: ({ negatives, ...figures }, { packed, learned }) => ({
        ...figuresOf(figures),
        ...index?.figures(),
        ...(negatives
          ? countNegatives(negatives as Int32Array, { ...packed, placements: learned }, dataset, {
              train: split.train,
              userOf: set.userOf,
            })
          : {}),
      }),
      carried: carriedOf(samplerMemory(host?.sampler), () => index),
      ranker: () => workspace.validation(reference),
    });
  } finally {
    await index?.dispose();
    await drawing?.dispose();
  }
}

/** What a sampler remembers, and what an index is made of, once there is one. */
function carriedOf(
  memory: SamplerMemory,
  index: () => PoolIndex | undefined,
): Required<TrainOptions>['carried'] {
  return {
    state: () => ({ ...index()?.state(), ...prefixed(memory.state(), samplerPrefix) }),
    load: async (state) => {
      memory.load(unprefixed(state, samplerPrefix));
      await index()?.load(state);
    },
  };
}

/** What decides the result, but for when training stops. */
function methodOf(
  settings: AlignSettings & Limits & { readonly positions: LearnedPositions },
): object {
  const { loss, negatives, count, beta, crossEntropyWeight, exclude, positions } = settings;
  const { crossEntropy, margin, auxiliaryWeight } = settings;
  const { learningRate, optimiser, rowOptimiser, dropout, minDelta = 0 } = settings;
  const method = { loss, negatives, count, beta, crossEntropyWeight, exclude, positions };
  const rule = { learningRate, optimiser, rowOptimiser, dropout, minDelta };
  return { ...method, crossEntropy, auxiliaryWeight, margin, ...rule };
}

/**
 * A training program of one alignment step. Where item rows are on the host, a step sees the rows that it
 * touches alone: negatives of the whole catalogue or the batch then come from a sampler, whose draws are inputs.
 *
 * @param reference what `pretrained` says, frozen; nothing where the step asks it itself
 * @throws {RangeError} (marked as actionable) if item rows are on the host and a setting needs all items
 */
export async function alignProgram(
  workspace: ProgramWorkspace,
  pretrained: Weights,
  asked: AlignSettings,
  reference: Reference | undefined,
): Promise<Program> {
  checkAlignment(asked);
  const { layout, encoder, set, itemRows } = workspace;
  const settings = alignmentBySize(asked, workspace);
  const { negatives, loss, margin } = settings;
  const isHost = itemRows === 'host';
  if (isHost) requireHostAlignment(settings);
  const options = {
    encoder,
    settings,
    ...(typeof negatives === 'object' && negatives.from === 'popularity'
      ? {
          popularity: popularityWeights(itemCounts(set), {
            exponent: negatives.exponent ?? popularityExponent,
          }),
        }
      : {}),
  };
  const inputs = alignSpecs(layout, encoder, settings, set.itemCount);
  const isKept = isReferenceKept(settings) && !isHost;
  const { reference: _, ...unread } = inputs;
  const frozen = loss === 'none' || isKept ? undefined : frozenParts(workspace, pretrained);
  const centre = loss !== 'none' && margin === 'centred' ? centreState() : {};
  return trainingProgram(workspace, pretrained, {
    step: alignStep(layout, options),
    inputs: isKept ? inputs : unread,
    settings,
    ...(frozen ? { rows: frozen.rows } : {}),
    state: {
      ...(reference && isKept ? { [referenceItems]: reference.items } : {}),
      ...frozen?.state,
      ...prefixed(centre, runningPrefix),
    },
  });
}

/** The frozen model itself: its item rows on the host where the policy's are, all else in the state. */
function frozenParts(
  { encoder, itemRows }: Pick<Workspace, 'encoder' | 'itemRows'>,
  weights: Weights,
): Required<Pick<TrainingProgramOptions, 'rows' | 'state'>> {
  if (itemRows !== 'host') return { rows: {}, state: prefixed(weights, frozenPrefix) };
  const { rows, others } = splitRows(encoder, weights);
  return { rows: prefixed(rows, frozenRowsPrefix), state: prefixed(others, frozenPrefix) };
}

/** The pool and the exclusions must leave something to draw. */
function checkPool(
  stage: string,
  { loss, negatives, count }: AlignSettings,
  { itemCount }: TrainingSet,
  width: number,
): void {
  if (loss === 'none' || typeof negatives === 'function' || negatives.from === 'sampler') return;
  if (negatives.from === 'history') return;
  const needed = (negatives.from === 'pool' ? negatives.size : count) + width;
  const candidates = negatives.from === 'pool' ? negatives.among?.candidates : undefined;
  const available = Math.min(candidates ?? itemCount, itemCount);
  if (needed <= available) return;
  throw actionable(
    new RangeError(
      `'${stage}' needs ${needed} items (pool and exclusions), ` +
        (available < itemCount
          ? `there are ${available} candidates. Draw more, use a smaller pool, `
          : `the catalogue has ${itemCount}. Use a smaller pool, `) +
        "or align.exclude 'chosen'.",
    ),
  );
}

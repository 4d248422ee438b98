import type { Program } from '@rodpo/compile';
import { actionable } from '@rodpo/errors';
import { deriveSeed, gaussianRandom, seededRandom } from '@rodpo/random';
import { historyWidth } from '../batches/batch-layout.ts';
import { packExcluded } from '../batches/pack-excluded.ts';
import { requireHostLoss } from '../rows/require-host.ts';
import { checkPretraining } from '../steps/check-settings.ts';
import { gbceDefaults, type PretrainLoss, readsExcluded } from '../steps/pretrain-loss.ts';
import { type PretrainSettings, pretrainSpecs, pretrainStep } from '../steps/pretrain-step.ts';
import type { Weights } from '../workspace/weights.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { lossBySize, sizeNotice } from './by-size.ts';
import { checkpointsOf } from './checkpoints-of.ts';
import { pretrainDefaults } from './defaults.ts';
import { type CandidateDrawer, candidateDrawer } from './draw-candidates.ts';
import { figuresOf, type Limits, type Trained, type TrainingHooks, train } from './train.ts';
import { type ProgramWorkspace, trainingProgram } from './training-program.ts';

export interface PretrainOptions extends Partial<PretrainSettings & Limits>, TrainingHooks {
  /** Names log entries, checkpoints and random numbers. Default 'pretrain'. */
  readonly name?: string;
  /** What training starts from. Default: drawn from the workspace's seed. */
  readonly initial?: Weights;
}

/**
 * Teaches the encoder what comes next at every position, until validation NDCG@10 stops improving.
 * Without `loss` by cross-entropy over the whole catalogue, or among candidates if that is large; defaults are `pretrainDefaults`.
 *
 * @throws {RangeError} (marked as actionable) if training diverges, gBCE has too many negatives, or a setting is no
 * number of its range or no known name
 */
export async function pretrain(
  workspace: Workspace,
  options: PretrainOptions = {},
): Promise<Trained> {
  const { name: stage = 'pretrain', initial } = options;
  const asked = { ...pretrainDefaults, ...options };
  checkPretraining(asked);
  if (typeof asked.loss === 'object' && asked.loss.kind === 'auto') {
    options.onNotice?.(sizeNotice(workspace));
  }
  const settings = { ...asked, loss: lossBySize(asked.loss, workspace) };
  const { loss, learningRate, optimiser, rowOptimiser, dropout, minDelta = 0 } = settings;
  const { set } = workspace;
  checkNegatives(loss, set.itemCount);
  const start = initial ?? initialWeights(workspace);
  const comparedWith = pretrainInputs(loss, workspace);
  return train(workspace, {
    ...settings,
    stage,
    checkpoints: checkpointsOf(options, workspace, {
      stage,
      settings: { loss, learningRate, optimiser, rowOptimiser, dropout, minDelta },
      start,
    }),
    program: () => pretrainProgram(workspace, start, settings, initial === undefined),
    extend: async (batch, _, place) => comparedWith(batch, place),
    measure: figuresOf,
    ranker: () => workspace.validation(start),
  });
}

/** What a step reads beside the batch, as its loss needs it: candidates, or items that are no negatives. */
export function pretrainInputs(
  asked: PretrainLoss,
  { set, layout, itemRows }: Pick<Workspace, 'set' | 'layout' | 'itemRows'>,
): CandidateDrawer {
  const loss = lossBySize(asked, { itemRows });
  if (typeof loss === 'object' && loss.kind === 'sampled') {
    return candidateDrawer(set, layout, 'softmax', loss);
  }
  if (!readsExcluded(loss)) return () => ({});
  return (batch) => ({ excluded: packExcluded(batch, set, historyWidth(layout)) });
}

/** Untrained weights, decided by the workspace's seed. */
export function initialWeights({ encoder, seed }: Pick<Workspace, 'encoder' | 'seed'>): Weights {
  return encoder.initialize(gaussianRandom(seededRandom(deriveSeed(seed, 'weights'))));
}

/** A training program of one pretraining step. */
export async function pretrainProgram(
  workspace: ProgramWorkspace,
  weights: Weights,
  settings: PretrainSettings,
  adopt = false,
): Promise<Program> {
  checkPretraining(settings);
  const { layout, encoder, set, itemRows } = workspace;
  const loss = lossBySize(settings.loss, workspace);
  if (itemRows === 'host') requireHostLoss(loss);
  return trainingProgram(workspace, weights, {
    step: pretrainStep(layout, encoder, { ...settings, loss }),
    inputs: pretrainSpecs(layout, loss, set.itemCount),
    settings,
    adopt,
  });
}

/** More negatives than there are other items would be drawn at a rate above 1, which gBCE has not. */
function checkNegatives(loss: PretrainLoss, itemCount: number): void {
  if (typeof loss === 'function' || loss.kind !== 'gbce') return;
  const { negatives } = { ...gbceDefaults, ...loss };
  if (negatives < itemCount) return;
  throw actionable(
    new RangeError(
      `pretrain.loss.negatives must be below the number of items (${itemCount}), got ${negatives}. ` +
        "Draw fewer, or take the loss 'softmax', which compares with all.",
    ),
  );
}

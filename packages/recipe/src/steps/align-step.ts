import type { StepContext, StepFunction } from '@rodpo/compile';
import type { SequenceEncoder } from '@rodpo/encoder';
import {
  cast,
  equal,
  greaterEqual,
  maximum,
  min,
  scalar,
  type Tensor,
  type Tensor2D,
  tensor1d,
  where,
} from '@tensorflow/tfjs-core';
import { type BatchLayout, historyWidth, tokenCount } from '../batches/batch-layout.ts';
import { type AlignBatch, alignLoss } from './align-loss.ts';
import {
  type AlignSettings,
  candidatesOf,
  type DrawnNegatives,
  hostNegatives,
} from './align-settings.ts';
import { type CandidateUse, candidateNames, candidateSpecs } from './candidate-settings.ts';
import type { EncodedBatch } from './encoded-batch.ts';
import { featureTable } from './features.ts';
import { marginCentre } from './margin-centre.ts';
import { readBatch } from './read-batch.ts';
import { sampledCandidates } from './sampled-softmax.ts';
import { learnedSpecs, runningPrefix, type Specs, unprefixed } from './tokens.ts';
import { type TrainingContext, trainingStep } from './training-step.ts';

/** Name of the frozen reference's item vectors in an align program's state. */
export const referenceItems = 'reference.items';

/** Prefixes of the frozen reference itself, where its vectors are not known before the step. */
export const frozenPrefix = 'reference.weights.';
export const frozenRowsPrefix = 'reference.rows.';

export interface AlignStepOptions {
  readonly encoder: SequenceEncoder;
  readonly settings: AlignSettings;
  /** Running totals of the items' weights, for negatives by popularity. */
  readonly popularity?: Int32Array;
}

/** Whether what the reference says is known before the step; else the step reads it. */
export function isReferenceKept({ loss, margin }: Pick<AlignSettings, 'loss' | 'margin'>): boolean {
  return loss !== 'none' && margin !== 'same-dropout';
}

/** Most items excluded per token: the chosen one, or a whole training sequence. */
export function excludedCount(
  layout: Pick<BatchLayout, 'maxLength'>,
  { exclude }: Pick<AlignSettings, 'exclude'>,
): number {
  return exclude === 'chosen' ? 1 : historyWidth(layout);
}

export function alignSpecs(
  layout: BatchLayout,
  encoder: SequenceEncoder,
  settings: AlignSettings,
  itemCount: number,
): Specs {
  const candidates = Object.entries(candidatesOf(settings)).map(([use, own]) =>
    candidateSpecs(use as CandidateUse, layout, own, itemCount),
  );
  const specs: Specs = Object.assign(learnedSpecs(layout), ...candidates);
  if (settings.loss === 'none') return specs;
  const tokens = tokenCount(layout);
  const { count } = settings;
  const drawn = count === 1 ? [tokens] : [tokens, count];
  return {
    ...specs,
    ...(isReferenceKept(settings)
      ? { reference: { shape: [tokens, encoder.width], dtype: 'float32' as const } }
      : {}),
    ...(hostNegatives(settings.negatives)
      ? {
          negatives: { shape: drawn, dtype: 'int32' as const },
          logProbabilities: { shape: drawn, dtype: 'float32' as const },
        }
      : {
          excluded: { shape: [tokens, excludedCount(layout, settings)], dtype: 'int32' as const },
        }),
  };
}

/**
 * One step of alignment: score the catalogue with the policy as it is now, draw a negative per
 * position, prefer the chosen item by DPO against the frozen reference, keep the ranking by
 * cross-entropy.
 */
export function alignStep(layout: BatchLayout, options: AlignStepOptions): StepFunction {
  const { settings, encoder, popularity } = options;
  const { margin } = settings;
  const { blockSize } = layout;
  const isGiven = settings.loss !== 'none' && hostNegatives(settings.negatives) !== undefined;
  const isCompared = settings.loss !== 'none';
  return trainingStep(layout, encoder, settings, (policy, context) => {
    const { state, inputs, uniform, log } = context;
    const next = (name: string, value: Tensor) => log(`${runningPrefix}${name}`, value);
    return alignLoss(
      {
        policy,
        ...(isCompared && margin === 'no-dropout' ? { compared: context.withoutDropout() } : {}),
        ...(isCompared && margin === 'centred'
          ? { centre: marginCentre(unprefixed(state, runningPrefix), next) }
          : {}),
        reference:
          !isCompared || inputs.reference
            ? { hidden: inputs.reference as Tensor2D, items: state[referenceItems] as Tensor2D }
            : frozenModel(context, encoder, layout, settings),
        targets: inputs.targets!,
        weights: inputs.weights!,
        excluded: inputs.excluded!,
        chosen: chosenItems(inputs),
        uniform,
        tokens: { items: inputs.items!, segments: inputs.segments!, rowLength: layout.rowLength },
        blockSize,
        log,
        ...(isGiven ? { drawn: givenNegatives(inputs) } : {}),
        ...(popularity ? { popularity } : {}),
        ...candidatesIn(inputs),
      },
      settings,
    );
  });
}

/** What pools and the cross-entropy are among; each only if it is among candidates. */
function candidatesIn(inputs: StepContext['inputs']): Pick<AlignBatch, 'candidates' | 'sampled'> {
  const candidates = inputs[candidateNames('pool').items];
  const isSampled = inputs[candidateNames('softmax').items] !== undefined;
  return {
    ...(candidates ? { candidates } : {}),
    ...(isSampled ? { sampled: sampledCandidates(inputs) } : {}),
  };
}

/** What the frozen reference has to say of the batch: without dropout, or under the policy's own. */
function frozenModel(
  { state, inputs, uniform, sameDraws }: TrainingContext,
  encoder: SequenceEncoder,
  layout: Pick<BatchLayout, 'rowLength'>,
  { margin, dropout }: AlignSettings,
): EncodedBatch {
  const parameters = {
    ...unprefixed(state, frozenPrefix),
    ...unprefixed(inputs, frozenRowsPrefix),
  };
  const features = featureTable({ ...state, ...inputs });
  const items = encoder.itemVectors(parameters, features);
  const reading =
    margin === 'same-dropout' ? { dropout, uniform: sameDraws, features } : { dropout: 0, uniform };
  const { vectors } = readBatch(encoder, layout, inputs, { parameters, items, ...reading });
  return { hidden: vectors, items };
}

/** What a sampler drew between two steps; −1 where there was nothing to draw. */
function givenNegatives({ negatives, logProbabilities }: StepContext['inputs']): DrawnNegatives {
  const isDrawn = cast(greaterEqual(negatives!, scalar(0, 'int32')), 'float32');
  return {
    items: maximum(negatives!, scalar(0, 'int32')),
    valid: isDrawn.rank === 1 ? isDrawn : min(isDrawn, 1),
    logProbabilities: logProbabilities!,
  };
}

/**
 * −1 where nothing is learned, in padding among others: else the batch would reject what padding happens to hold,
 * and what stands before the positions that are learned from.
 */
function chosenItems({ targets, weights }: StepContext['inputs']): Tensor {
  const isLeftOut = equal(weights!, 0);
  return where(isLeftOut, tensor1d(new Int32Array(targets!.size).fill(-1), 'int32'), targets!);
}

import type { StepFunction } from '@rodpo/compile';
import type { SequenceEncoder } from '@rodpo/encoder';
import {
  cachedReference,
  dpoLoss,
  preferenceMetrics,
  softmaxDpoLoss,
  weightedMean,
} from '@rodpo/objectives';
import {
  add,
  cast,
  equal,
  expandDims,
  greater,
  greaterEqual,
  maximum,
  mean,
  min,
  mul,
  neg,
  onesLike,
  type Scalar,
  scalar,
  type Tensor,
  type Tensor2D,
  tensor1d,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { type BatchLayout, historyWidth, tokenCount } from '../batches/batch-layout.ts';
import {
  type AlignSettings,
  type DrawnNegatives,
  hostNegatives,
  type PreferenceScores,
} from './align-settings.ts';
import { crossEntropy } from './cross-entropy.ts';
import { drawNegatives, type SourceInStep } from './draw-negatives.ts';
import type { EncodedBatch } from './encoded-batch.ts';
import { scoresOf } from './scores-of.ts';
import { learnedSpecs, type Specs } from './tokens.ts';
import { type TrainingContext, trainingStep } from './training-step.ts';

/** Name of the frozen reference's item vectors in an align program's state. */
export const referenceItems = 'reference.items';

/** Those of TRL's metrics that scores will do for. */
const loggedMetrics = ['rewards/accuracies', 'rewards/margins'] as const;

export interface AlignStepOptions {
  readonly encoder: SequenceEncoder;
  readonly settings: AlignSettings;
  readonly itemCount: number;
  /** Running totals of the items' weights, for negatives by popularity. */
  readonly popularity?: Int32Array;
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
): Specs {
  if (settings.loss === 'none') return learnedSpecs(layout);
  const tokens = tokenCount(layout);
  const { count } = settings;
  const drawn = count === 1 ? [tokens] : [tokens, count];
  return {
    ...learnedSpecs(layout),
    reference: { shape: [tokens, encoder.width], dtype: 'float32' },
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
  const { settings, encoder } = options;
  const { blockSize } = layout;
  return trainingStep(layout, encoder, settings, (policy, context) => {
    const terms: Scalar[] = [];
    if (settings.loss !== 'none') terms.push(preferenceLoss(policy, context, options, blockSize));
    if (settings.crossEntropyWeight > 0) {
      const entropy = crossEntropy(policy, context.inputs, blockSize);
      // The chosen items' mean log-probability, under the name that TRL gives it.
      context.log('logps/chosen', neg(entropy));
      terms.push(mul(entropy, settings.crossEntropyWeight));
    }
    return terms.reduce((total, term) => add(total, term));
  });
}

function preferenceLoss(
  policyModel: EncodedBatch,
  context: TrainingContext,
  options: AlignStepOptions,
  blockSize: number,
): Scalar {
  const { inputs, log } = context;
  const { settings } = options;
  const reference: EncodedBatch = {
    hidden: inputs.reference as Tensor2D,
    items: context.state[referenceItems] as Tensor2D,
  };
  const drawn = negativesOf({ policy: policyModel, reference }, context, options, blockSize);
  const weights = drawn.valid ? mul(inputs.weights!, drawn.valid) : inputs.weights!;
  const policyScores: PreferenceScores = {
    chosen: scoresOf(policyModel, inputs.targets!),
    rejected: scoresOf(policyModel, drawn.items),
  };
  const referenceOf = cachedReference(reference.hidden, reference.items);
  const referenceScores: PreferenceScores = {
    chosen: referenceOf(inputs.targets!),
    rejected: referenceOf(drawn.items),
  };
  const loss = lossOf(settings, policyScores, referenceScores, weights);

  log('negatives', drawnItems(drawn));
  log('preference', loss);
  logMetrics(log, policyScores, referenceScores, { beta: settings.beta, weights });
  if (drawn.logProbabilities) log('logq/rejected', meanPerToken(drawn.logProbabilities, weights));
  return loss;
}

function negativesOf(
  models: { readonly policy: EncodedBatch; readonly reference: EncodedBatch },
  { inputs, uniform }: TrainingContext,
  { settings, itemCount, popularity }: AlignStepOptions,
  blockSize: number,
): DrawnNegatives {
  if (hostNegatives(settings.negatives)) return givenNegatives(inputs);
  const { count } = settings;
  const excluded = inputs.excluded!;
  const chosen = chosenItems(inputs);
  return drawNegatives(
    settings.negatives as SourceInStep,
    { ...models, excluded, chosen, itemCount, count, blockSize, uniform },
    popularity,
  );
}

/** What a sampler drew between two steps; −1 where there was nothing to draw. */
function givenNegatives({
  negatives,
  logProbabilities,
}: TrainingContext['inputs']): DrawnNegatives {
  const isDrawn = cast(greaterEqual(negatives!, scalar(0, 'int32')), 'float32');
  return {
    items: maximum(negatives!, scalar(0, 'int32')),
    valid: isDrawn.rank === 1 ? isDrawn : min(isDrawn, 1),
    logProbabilities: logProbabilities!,
  };
}

function lossOf(
  { loss, beta }: AlignSettings,
  policy: PreferenceScores,
  reference: PreferenceScores,
  weights: Tensor,
): Scalar {
  if (typeof loss === 'function') return loss(policy, reference, { beta, weights });
  return loss === 'dpo'
    ? dpoLoss(policy, reference, { beta, weights })
    : weightedMean(softmaxDpoLoss(policy, reference, { beta }), weights);
}

function logMetrics(
  log: TrainingContext['log'],
  policy: PreferenceScores,
  reference: PreferenceScores,
  { beta, weights }: { readonly beta: number; readonly weights: Tensor },
): void {
  const each = (values: Tensor) => likeColumns(values, policy.rejected);
  const pairs = ({ chosen, rejected }: PreferenceScores) => ({ chosen: each(chosen), rejected });
  const metrics = preferenceMetrics(pairs(policy), pairs(reference), {
    beta,
    weights: each(weights),
  });
  for (const name of loggedMetrics) log(name, metrics[name]);
}

/** Weighted mean over tokens of what may have several columns. */
function meanPerToken(values: Tensor, weights: Tensor): Scalar {
  return weightedMean(values.rank === 1 ? values : mean(values, 1), weights);
}

/** −1 where padding has no item: else the whole batch would reject what padding happens to hold. */
function chosenItems({ targets, segments }: TrainingContext['inputs']): Tensor {
  const isPadding = equal(segments!, 0);
  return where(isPadding, tensor1d(new Int32Array(targets!.size).fill(-1), 'int32'), targets!);
}

/** What was drawn, −1 where there was nothing to draw. */
function drawnItems({ items, valid }: DrawnNegatives): Tensor {
  if (!valid) return items;
  return where(greater(likeColumns(valid, items), 0), items, neg(onesLike(items)));
}

/** One value per row, repeated for every column of `columns`. */
function likeColumns(values: Tensor, columns: Tensor): Tensor {
  return columns.rank === 1 ? values : add(expandDims(values, 1), zerosLike(columns));
}

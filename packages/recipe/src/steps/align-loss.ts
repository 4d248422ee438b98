import {
  cachedReference,
  combineLosses,
  dpoLoss,
  preferenceMetrics,
  softmaxDpoLoss,
  weightedMean,
} from '@rodpo/objectives';
import type { Uniform } from '@rodpo/ops';
import {
  add,
  expandDims,
  greater,
  mean,
  mul,
  neg,
  onesLike,
  type Scalar,
  sub,
  type Tensor,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';
import type { AlignSettings, DrawnNegatives, PreferenceScores } from './align-settings.ts';
import { checkAlignLoss } from './check-settings.ts';
import { crossEntropy } from './cross-entropy.ts';
import type { ReadTokens } from './draw-from-history.ts';
import { drawNegatives, type SourceInStep } from './draw-negatives.ts';
import type { EncodedBatch } from './encoded-batch.ts';
import { type SampledCandidates, sampledSoftmax } from './sampled-softmax.ts';
import { scoresOf } from './scores-of.ts';

/** Those of TRL's metrics that scores will do for. */
const loggedMetrics = ['rewards/accuracies', 'rewards/margins'] as const;

/** Chosen items and their contexts, under the model in training and the frozen one. */
export interface AlignBatch {
  readonly policy: EncodedBatch;
  /** The policy as the preference loss and pools see it, if that is otherwise. Default: `policy`. */
  readonly compared?: EncodedBatch;
  readonly reference: EncodedBatch;
  /** What is taken off every margin, of all margins `[rows]` or `[rows, count]` of the batch. Default: nothing. */
  readonly centre?: (margins: Tensor, weights: Tensor) => Tensor;
  /** `[rows]` int32: the chosen items. */
  readonly targets: Tensor;
  /** `[rows]` float32: 0 for rows that do not count. */
  readonly weights: Tensor;
  /** `[rows, m]` int32, distinct and ascending, then fillers of the number of items: never drawn. */
  readonly excluded: Tensor;
  /** `[rows]` int32: the chosen items, −1 where a row has none. Default: `targets`. */
  readonly chosen?: Tensor;
  /** Draws from [0, 1): the step's own, or `tf.randomUniform` of a shape. */
  readonly uniform: Uniform;
  /** Rows whose catalogue scores exist at a time; divides the rows. Default: all. */
  readonly blockSize?: number;
  /** The batch as it is read, for negatives of the history. */
  readonly tokens?: ReadTokens;
  /** Passes figures out, by name. Default: they are dropped. */
  readonly log?: (name: string, value: Tensor) => void;
  /** What was drawn before, in place of a draw by `settings.negatives`. */
  readonly drawn?: DrawnNegatives;
  /** Running totals of the items' weights (`popularityWeights`), for negatives by popularity. */
  readonly popularity?: Int32Array;
  /** Distinct items that pools are drawn among, `[n]` int32. Default: all. */
  readonly candidates?: Tensor;
  /** What the cross-entropy compares with. Default: all items. */
  readonly sampled?: SampledCandidates;
}

export type AlignLossSettings = Pick<
  AlignSettings,
  'loss' | 'negatives' | 'count' | 'beta' | 'crossEntropyWeight'
>;

/**
 * What alignment minimises: a negative is drawn per row, the chosen item is preferred to it by DPO
 * against the frozen reference, and λ times the cross-entropy keeps the ranking. Plain tfjs, so that
 * it can align any model whose scores are products of vectors, compiled or not.
 *
 * @throws {RangeError} (marked as actionable) for a setting that is no number of its range, or no known name
 * @throws {RangeError} if the draw has too few items, or shapes do not fit
 */
export function alignLoss(batch: AlignBatch, settings: AlignLossSettings): Scalar {
  checkAlignLoss(settings);
  const { policy, targets, weights, log = () => {} } = batch;
  const { blockSize = targets.size } = batch;
  const terms: { loss: Scalar; weight: number }[] = [];
  if (settings.loss !== 'none') {
    const compared = { ...batch, policy: batch.compared ?? policy, blockSize, log };
    terms.push({ loss: preferenceLoss(compared, settings), weight: 1 });
  }
  if (settings.crossEntropyWeight > 0) {
    const entropy = batch.sampled
      ? sampledSoftmax(policy, { targets, weights }, batch.sampled, blockSize)
      : crossEntropy(policy, { targets, weights }, blockSize);
    // The chosen items' mean log-probability, under the name that TRL gives it.
    log('logps/chosen', neg(entropy));
    terms.push({ loss: entropy, weight: settings.crossEntropyWeight });
  }
  return combineLosses(terms);
}

function preferenceLoss(
  batch: AlignBatch & Required<Pick<AlignBatch, 'blockSize' | 'log'>>,
  settings: AlignLossSettings,
): Scalar {
  const { policy, reference, targets, log } = batch;
  const drawn = batch.drawn ?? drawIn(batch, settings);
  const weights = drawn.valid ? mul(batch.weights, drawn.valid) : batch.weights;
  const policyScores: PreferenceScores = {
    chosen: scoresOf(policy, targets),
    rejected: scoresOf(policy, drawn.items),
  };
  const referenceOf = cachedReference(reference.hidden, reference.items);
  const uncentred: PreferenceScores = {
    chosen: referenceOf(targets),
    rejected: referenceOf(drawn.items),
  };
  const referenceScores = centred({ ...batch, weights }, policyScores, uncentred, settings);
  const loss = lossOf(settings, policyScores, referenceScores, weights);

  log('negatives', drawnItems(drawn));
  log('preference', loss);
  logMetrics(log, policyScores, referenceScores, { beta: settings.beta, weights });
  if (drawn.logProbabilities) log('logq/rejected', meanPerRow(drawn.logProbabilities, weights));
  return loss;
}

/** The reference's scores, so moved that margins count from the batch's centre. */
function centred(
  {
    centre,
    weights,
    log,
  }: Pick<AlignBatch, 'centre' | 'weights'> & Required<Pick<AlignBatch, 'log'>>,
  policy: PreferenceScores,
  reference: PreferenceScores,
  { beta }: Pick<AlignLossSettings, 'beta'>,
): PreferenceScores {
  if (!centre) return reference;
  const each = (values: Tensor) => likeColumns(values, policy.rejected);
  const lead = ({ chosen, rejected }: PreferenceScores) => sub(each(chosen), rejected);
  const middle = centre(sub(lead(policy), lead(reference)), each(weights));
  log('margins/centre', mul(beta, middle));
  return { ...reference, chosen: add(reference.chosen, middle) };
}

function drawIn(
  {
    policy,
    reference,
    targets,
    excluded,
    chosen = targets,
    uniform,
    ...batch
  }: AlignBatch & {
    readonly blockSize: number;
  },
  { negatives, count }: AlignLossSettings,
): DrawnNegatives {
  const itemCount = policy.items.shape[0];
  const { blockSize, popularity, candidates, tokens } = batch;
  const drawn = { policy, reference, excluded, chosen, itemCount, count, blockSize, uniform };
  const context = {
    ...drawn,
    ...(candidates ? { candidates } : {}),
    ...(tokens ? { tokens } : {}),
  };
  return drawNegatives(negatives as SourceInStep, context, popularity);
}

function lossOf(
  { loss, beta }: AlignLossSettings,
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
  log: Required<AlignBatch>['log'],
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

/** Weighted mean over rows of what may have several columns. */
function meanPerRow(values: Tensor, weights: Tensor): Scalar {
  return weightedMean(values.rank === 1 ? values : mean(values, 1), weights);
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

import type { StepFunction } from '@rodpo/compile';
import type { SequenceEncoder } from '@rodpo/encoder';
import { dpoLoss, preferenceMetrics, softmaxDpoLoss, weightedMean } from '@rodpo/objectives';
import {
  add,
  expandDims,
  greater,
  mul,
  neg,
  onesLike,
  type Scalar,
  type Tensor,
  type Tensor2D,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';
import type { AlignSettings } from '../align-settings.ts';
import { type Config, tokenCount } from '../config.ts';
import { historyWidth } from '../data/pack-excluded.ts';
import { crossEntropy } from './cross-entropy.ts';
import { drawNegatives, type Negatives } from './draw-negatives.ts';
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
  readonly strategy: AlignSettings;
  readonly itemCount: number;
  /** Running totals of the items' weights, for negatives by popularity. */
  readonly popularity?: Int32Array;
}

/** Most items excluded per token: the chosen one, or a whole training sequence. */
export function excludedCount(config: Config, { exclude }: AlignSettings): number {
  return exclude === 'chosen' ? 1 : historyWidth(config);
}

export function alignSpecs(
  config: Config,
  encoder: SequenceEncoder,
  strategy: AlignSettings,
): Specs {
  if (strategy.loss === 'none') return learnedSpecs(config);
  const tokens = tokenCount(config);
  return {
    ...learnedSpecs(config),
    reference: { shape: [tokens, encoder.width], dtype: 'float32' },
    excluded: { shape: [tokens, excludedCount(config, strategy)], dtype: 'int32' },
  };
}

/**
 * One step of alignment: score the catalogue with the policy as it is now, draw a negative per
 * position, prefer the chosen item by DPO against the frozen reference, keep the ranking by
 * cross-entropy.
 */
export function alignStep(config: Config, options: AlignStepOptions): StepFunction {
  const { strategy, encoder } = options;
  const { blockSize } = config.batch;
  return trainingStep(config, encoder, strategy, (policy, context) => {
    const terms: Scalar[] = [];
    if (strategy.loss !== 'none') terms.push(preferenceLoss(policy, context, options, blockSize));
    if (strategy.crossEntropyWeight > 0) {
      const entropy = crossEntropy(policy, context.inputs, blockSize);
      // The chosen items' mean log-probability, under the name that TRL gives it.
      context.log('logps/chosen', neg(entropy));
      terms.push(mul(entropy, strategy.crossEntropyWeight));
    }
    return terms.reduce((total, term) => add(total, term));
  });
}

function preferenceLoss(
  policyModel: EncodedBatch,
  { state, inputs, uniform, log }: TrainingContext,
  options: AlignStepOptions,
  blockSize: number,
): Scalar {
  const { loss: kind, beta } = options.strategy;
  const referenceModel: EncodedBatch = {
    hidden: inputs.reference as Tensor2D,
    items: state[referenceItems] as Tensor2D,
  };
  const models = { policy: policyModel, reference: referenceModel };
  const drawn = drawNegatives(models, { ...options, blockSize, inputs, uniform });
  const weights = drawn.valid ? mul(inputs.weights!, drawn.valid) : inputs.weights!;
  const scores = (model: EncodedBatch) => ({
    chosen: scoresOf(model, inputs.targets!),
    rejected: scoresOf(model, drawn.items),
  });
  const policy = scores(policyModel);
  const reference = scores(referenceModel);
  const loss =
    kind === 'dpo'
      ? dpoLoss(policy, reference, { beta, weights })
      : weightedMean(softmaxDpoLoss(policy, reference, { beta }), weights);

  log('negatives', drawnItems(drawn));
  log('preference', loss);
  const each = (values: Tensor) => likeColumns(values, policy.rejected);
  const pairs = ({ chosen, rejected }: typeof policy) => ({ chosen: each(chosen), rejected });
  const metrics = preferenceMetrics(pairs(policy), pairs(reference), {
    beta,
    weights: each(weights),
  });
  for (const name of loggedMetrics) log(name, metrics[name]);
  return loss;
}

/** What was drawn, −1 where there was nothing to draw. */
function drawnItems({ items, valid }: Negatives): Tensor {
  if (!valid) return items;
  return where(greater(likeColumns(valid, items), 0), items, neg(onesLike(items)));
}

/** One value per row, repeated for every column of `columns`. */
function likeColumns(values: Tensor, columns: Tensor): Tensor {
  return columns.rank === 1 ? values : add(expandDims(values, 1), zerosLike(columns));
}

import { type StepContext, type StepFunction, scan } from '@rodpo/compile';
import { encodeSequences, lookup, scoreItems } from '@rodpo/encoder';
import {
  dpoLoss,
  linearCrossEntropy,
  preferenceMetrics,
  softmaxDpoLoss,
  weightedMean,
} from '@rodpo/objectives';
import { differentiate } from '@rodpo/trainer';
import {
  add,
  expandDims,
  mul,
  neg,
  reshape,
  type Scalar,
  sum,
  type Tensor,
  zerosLike,
} from '@tensorflow/tfjs-core';
import type { AlignSettings } from '../align-settings.ts';
import type { Config } from '../config.ts';
import { drawNegatives } from './draw-negatives.ts';
import { pretrainSpecs } from './pretrain-step.ts';
import { packedTokens, type Specs, unprefixed, weightPrefix } from './tokens.ts';
import { updated } from './update.ts';

/** Name of the frozen reference's item vectors in an align program's state. */
export const referenceItems = 'reference.items';

/** Those of TRL's metrics that scores will do for. */
const loggedMetrics = ['rewards/accuracies', 'rewards/margins'] as const;

export interface AlignStepOptions {
  readonly strategy: AlignSettings;
  readonly itemCount: number;
  /** Running totals of the items' weights, for negatives by popularity. */
  readonly popularity?: Int32Array;
}

/** Most items excluded per token: the chosen one, or a whole training sequence. */
export function excludedCount({ encoder }: Config, { exclude }: AlignSettings): number {
  return exclude === 'chosen' ? 1 : encoder.maxLength + 1;
}

export function alignSpecs(config: Config, strategy: AlignSettings): Specs {
  if (strategy.loss === 'none') return pretrainSpecs(config);
  const tokens = config.batch.rowCount * config.batch.rowLength;
  return {
    ...pretrainSpecs(config),
    reference: { shape: [tokens, config.encoder.dimension], dtype: 'float32' },
    excluded: { shape: [tokens, excludedCount(config, strategy)], dtype: 'int32' },
  };
}

type Log = (name: string, value: Tensor) => void;

/**
 * One step of alignment: score the catalogue with the policy as it is now, draw a negative per
 * position, prefer the chosen item by DPO against the frozen reference, keep the ranking by
 * cross-entropy, then Adam.
 */
export function alignStep(config: Config, alignment: AlignStepOptions): StepFunction {
  const { encoder, batch } = config;
  const { strategy } = alignment;
  return ({ state, inputs, uniform }) => {
    const parameters = unprefixed(state, weightPrefix);
    const options = { ...encoder, rowLength: batch.rowLength, dropout: strategy.dropout, uniform };
    const { loss, gradients, logged } = differentiate((weights, log) => {
      const items = weights.items!;
      const hidden = encodeSequences(weights, packedTokens(inputs), options);
      const terms: Scalar[] = [];
      if (strategy.loss !== 'none') {
        const context = { ...alignment, blockSize: batch.blockSize, inputs, uniform };
        const drawn = drawNegatives(hidden, items, context);
        const scored = { hidden, items, negatives: drawn.items };
        const pairWeights = drawn.valid ? mul(inputs.weights!, drawn.valid) : inputs.weights!;
        const reference = { hidden: inputs.reference!, items: state[referenceItems]! };
        terms.push(preferenceLoss(scored, reference, { strategy, inputs, pairWeights, log }));
      }
      if (strategy.crossEntropyWeight > 0) {
        const crossEntropy = linearCrossEntropy(hidden, items, inputs.targets!, {
          weights: inputs.weights!,
          blockSize: batch.blockSize,
          scan,
        });
        // The chosen items' mean log-probability, under the name that TRL gives it.
        log('logps/chosen', neg(crossEntropy));
        terms.push(mul(crossEntropy, strategy.crossEntropyWeight));
      }
      return terms.reduce((total, term) => add(total, term));
    }, parameters);
    return { outputs: { ...logged, loss }, state: updated(state, parameters, gradients, strategy) };
  };
}

interface Model {
  readonly hidden: Tensor;
  readonly items: Tensor;
}

interface PreferenceContext {
  readonly strategy: AlignSettings;
  readonly inputs: StepContext['inputs'];
  /** 0 leaves a token out. */
  readonly pairWeights: Tensor;
  readonly log: Log;
}

function preferenceLoss(
  policyModel: Model & { readonly negatives: Tensor },
  referenceModel: Model,
  { strategy, inputs, pairWeights: weights, log }: PreferenceContext,
): Scalar {
  const { beta } = strategy;
  const { negatives } = policyModel;
  const scores = ({ hidden, items }: Model) => ({
    chosen: scoresOf(hidden, items, inputs.targets!),
    rejected: scoresOf(hidden, items, negatives),
  });
  const [policy, reference] = [scores(policyModel), scores(referenceModel)];
  const loss =
    strategy.loss === 'dpo'
      ? dpoLoss(policy, reference, { beta, weights })
      : weightedMean(softmaxDpoLoss(policy, reference, { beta }), weights);

  log('negatives', negatives);
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

/** Scores of the items at `indices` `[tokens]` or `[tokens, count]`, in its shape. */
function scoresOf(hidden: Tensor, items: Tensor, indices: Tensor): Tensor {
  if (indices.rank === 1) return scoreItems(hidden, items, indices);
  const [tokens, count] = indices.shape as [number, number];
  const vectors = reshape(lookup(items, reshape(indices, [-1])), [tokens, count, -1]);
  return sum(mul(expandDims(hidden, 1), vectors), -1);
}

/** One value per row, repeated for every column of `columns`. */
function likeColumns(values: Tensor, columns: Tensor): Tensor {
  return columns.rank === 1 ? values : add(expandDims(values, 1), zerosLike(columns));
}

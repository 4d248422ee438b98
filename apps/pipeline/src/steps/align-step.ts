import { type StepContext, type StepFunction, scan } from '@rodpo/compile';
import { encodeSequences, scoreItems } from '@rodpo/encoder';
import { dpoLoss, linearCrossEntropy, preferenceMetrics } from '@rodpo/objectives';
import { drawFromPool, drawUniform, topItems } from '@rodpo/samplers/tfjs';
import { differentiate } from '@rodpo/trainer';
import { add, mul, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import type { Config, Strategy } from '../config.ts';
import { pretrainSpecs } from './pretrain-step.ts';
import { packedTokens, type Specs, unprefixed, weightPrefix } from './tokens.ts';
import { updated } from './update.ts';

/** Name of the frozen reference's item vectors in an align program's state. */
export const referenceItems = 'reference.items';

/** Those of TRL's metrics that scores will do for. */
export const loggedMetrics = ['rewards/accuracies', 'rewards/margins'] as const;

/** Most items excluded per token: the chosen one, or a whole training sequence. */
export function excludedCount({ align, encoder }: Config): number {
  return align.exclude === 'chosen' ? 1 : encoder.maxLength + 1;
}

export function alignSpecs(config: Config): Specs {
  const tokens = config.batch.rowCount * config.batch.rowLength;
  return {
    ...pretrainSpecs(config),
    reference: { shape: [tokens, config.encoder.dimension], dtype: 'float32' },
    excluded: { shape: [tokens, excludedCount(config)], dtype: 'int32' },
  };
}

/**
 * One step of alignment: score the catalogue with the policy as it is now, draw a negative per
 * position, prefer the chosen item by DPO against the frozen reference, keep the ranking by
 * cross-entropy, then Adam.
 */
export function alignStep(config: Config, strategy: Strategy, itemCount: number): StepFunction {
  const { encoder, batch, align } = config;
  return ({ state, inputs, uniform }) => {
    const parameters = unprefixed(state, weightPrefix);
    const options = { ...encoder, rowLength: batch.rowLength, dropout: align.dropout, uniform };
    const { loss, gradients, logged } = differentiate((weights, log) => {
      const items = weights.items!;
      const hidden = encodeSequences(weights, packedTokens(inputs), options);
      const negatives = drawNegatives(config, strategy, itemCount, hidden, items, inputs, uniform);
      const pairs = (vectors: Tensor, table: Tensor) => ({
        chosen: scoreItems(vectors, table, inputs.targets!),
        rejected: scoreItems(vectors, table, negatives),
      });
      const policy = pairs(hidden, items);
      const reference = pairs(inputs.reference!, state[referenceItems]!);

      const pairWeights = inputs.weights!;
      const pairOptions = { beta: align.beta, weights: pairWeights };
      const preference = dpoLoss(policy, reference, pairOptions);
      const metrics = preferenceMetrics(policy, reference, pairOptions);
      log('negatives', negatives);
      log('preference', preference);
      for (const name of loggedMetrics) log(name, metrics[name]);
      if (align.crossEntropyWeight === 0) return preference;

      const crossEntropy = linearCrossEntropy(hidden, items, inputs.targets!, {
        weights: pairWeights,
        blockSize: batch.blockSize,
        scan,
      });
      return add(preference, mul(crossEntropy, align.crossEntropyWeight)) as Scalar;
    }, parameters);
    return { outputs: { ...logged, loss }, state: updated(state, parameters, gradients, align) };
  };
}

/** One item per token from the strategy's pool. Uniform is the pool of everything, unscored. */
function drawNegatives(
  { batch }: Config,
  { poolSize }: Strategy,
  itemCount: number,
  hidden: Tensor,
  items: Tensor,
  inputs: StepContext['inputs'],
  uniform: StepContext['uniform'],
): Tensor {
  const excluded = inputs.excluded!;
  const noise = uniform([hidden.shape[0]!]);
  if (poolSize === 'catalogue') return drawUniform(excluded, noise, itemCount).items;
  const count = Math.min(poolSize + excluded.shape[1]!, itemCount);
  const candidates = topItems(hidden, items, { count, blockSize: batch.blockSize, scan });
  return drawFromPool(candidates, excluded, noise, { poolSize }).items;
}

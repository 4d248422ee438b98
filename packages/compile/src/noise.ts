import {
  cast,
  greaterEqual,
  log,
  maximum,
  mul,
  neg,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Uniform } from './program.ts';

/**
 * Noise of the standard Gumbel distribution: the index of the largest of `logits + gumbelNoise` is a
 * draw from `softmax(logits)`. A constant to gradients, as every draw is.
 *
 * @see Gumbel, 1954; Maddison et al., "A* Sampling", 2014, https://arxiv.org/abs/1411.0030
 */
export function gumbelNoise(shape: readonly number[], uniform: Uniform): Tensor {
  // Half a step above 0, whose logarithm is infinite.
  return tidy(() => neg(log(neg(log(maximum(uniform(shape), 2 ** -25))))));
}

/**
 * What dropout multiplies by: 0 for a share `rate` of the elements, `1 / (1 − rate)` for the rest.
 *
 * @throws {RangeError} unless 0 ≤ rate < 1
 */
export function dropoutMask(shape: readonly number[], rate: number, uniform: Uniform): Tensor {
  if (!(rate >= 0 && rate < 1)) {
    throw new RangeError(`The dropout rate must be at least 0 and below 1, got ${rate}.`);
  }
  return tidy(() => mul(cast(greaterEqual(uniform(shape), rate), 'float32'), 1 / (1 - rate)));
}

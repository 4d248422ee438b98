import type { Uniform } from '@rodpo/ops';
import { log, maximum, neg, type Tensor, tidy } from '@tensorflow/tfjs-core';

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

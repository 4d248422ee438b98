import { add, mean, mul, sign, sub, type Tensor, type Tensor1D, tidy } from '@tensorflow/tfjs-core';

/**
 * Router bias after a step, for balance without a loss: up by `rate` for experts that got fewer
 * choices than the mean, down for those that got more. `bias` and `counts` `[experts]`, float32.
 *
 * @see Wang et al., "Auxiliary-Loss-Free Load Balancing", 2024, https://arxiv.org/abs/2408.15664,
 *   algorithm 1
 */
export function nextBias(bias: Tensor, counts: Tensor, rate: number): Tensor1D {
  return tidy(() => add(bias, mul(sign(sub(mean(counts), counts)), rate)) as Tensor1D);
}

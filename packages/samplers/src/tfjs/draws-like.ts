import { stopGradient } from '@rodpo/ops';
import { reshape, type Tensor } from '@tensorflow/tfjs-core';
import type { Draws } from './draws.ts';

/** What was drawn, in the shape of the noise, `[n]` or `[n, count]`, and without gradients. */
export function drawsLike(
  noise: Tensor,
  { items, logProbabilities }: Draws,
): { items: Tensor; logProbabilities: Tensor } {
  const shaped = (values: Tensor) => stopGradient(() => reshape(values, noise.shape));
  return { items: shaped(items), logProbabilities: shaped(logProbabilities) };
}

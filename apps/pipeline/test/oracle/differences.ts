/** Gradients by central differences of a float64 function: no autodiff is trusted. */

import type { Plain } from './encode-sequence.ts';

const step = 1e-5;

/** ∂loss/∂weights[name][index]. */
export function derivative(
  loss: (weights: Plain) => number,
  weights: Plain,
  name: string,
  index: number,
): number {
  const values = weights[name]!;
  const middle = values[index]!;
  values[index] = middle + step;
  const above = loss(weights);
  values[index] = middle - step;
  const below = loss(weights);
  values[index] = middle;
  return (above - below) / (2 * step);
}

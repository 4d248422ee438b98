import { stopGradient } from '@rodpo/ops';
import {
  isFinite as finite,
  logicalAnd,
  logicalOr,
  mul,
  notEqual,
  type Tensor,
  tidy,
  where,
} from '@tensorflow/tfjs-core';

// What is left out is selected away before any arithmetic, never multiplied by 0: 0 · ∞ is NaN, in a
// value and on the way back from one.

/** Where none of several scores of an item is −Infinity, which leaves it out: bool, a constant. */
export function noneLeftOut(scores: readonly Tensor[]): Tensor {
  // A NaN is not left out: it is a fault, and shows.
  return everywhere(scores, (values) => notEqual(values, Number.NEGATIVE_INFINITY));
}

/** Where all of several tensors of one shape are finite: bool, a constant. */
export function allFinite(tensors: readonly Tensor[]): Tensor {
  return everywhere(tensors, finite);
}

function everywhere(tensors: readonly Tensor[], test: (values: Tensor) => Tensor): Tensor {
  return stopGradient(() => tidy(() => tensors.map(test).reduce((a, b) => logicalAnd(a, b))));
}

/** `values` where `condition` holds, and `other` elsewhere, where values get no gradient. */
export function select<Values extends Tensor>(
  condition: Tensor,
  values: Values,
  other: number,
): Values {
  return where(condition, values, other) as Values;
}

/**
 * `values` times `weights` of the same shape, and 0 where a weight is 0, whatever the value. Gradients
 * reach both; a weight of 0 has that of its value, or none if that is not finite.
 */
export function timesWeights(values: Tensor, weights: Tensor): Tensor {
  const isUsable = stopGradient(() => tidy(() => logicalOr(finite(values), notEqual(weights, 0))));
  return mul(select(isUsable, values, 0), weights);
}

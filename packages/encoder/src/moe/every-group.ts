import { stopGradient } from '@rodpo/ops';
import {
  add,
  cast,
  cumsum,
  greaterEqual,
  less,
  logicalAnd,
  matMul,
  mul,
  range,
  reshape,
  sub,
  type Tensor,
  type Tensor2D,
  tidy,
} from '@tensorflow/tfjs-core';

/**
 * Linear layers by group in plain tfjs, on any backend: each row is multiplied by the kernels of all
 * groups, as zeros for all but its own. Exact, and saves nothing: `groups` times the arithmetic and
 * `groups` times the memory of `x`. `@rodpo/compile` has a `groupedLinear` that does save.
 *
 * `x` `[n, in]` sorted by group, `kernels` `[groups, in, out]`, `biases` `[groups, out]`, `counts`
 * `[groups]` (int32, summing to n) → `[n, out]`.
 */
export function everyGroup(x: Tensor2D, kernels: Tensor, biases: Tensor, counts: Tensor): Tensor2D {
  const [n, width] = x.shape;
  const [groupCount, , outputWidth] = kernels.shape as [number, number, number];
  return tidy(() => {
    const isMember = stopGradient(() => membership(counts, n));
    const spread = mul(reshape(isMember, [n, groupCount, 1]), reshape(x, [n, 1, width]));
    const stacked = reshape(kernels, [groupCount * width, outputWidth]);
    const linear = matMul(reshape(spread, [n, groupCount * width]), stacked as Tensor2D);
    return add(linear, matMul(isMember, biases as Tensor2D));
  });
}

/** `[n, groups]`, 1 where the row is of the group. */
function membership(counts: Tensor, n: number): Tensor2D {
  const end = cumsum(counts);
  const row = reshape(range(0, n, 1, 'int32'), [n, 1]);
  const isInside = logicalAnd(greaterEqual(row, sub(end, counts)), less(row, end));
  return cast(isInside, 'float32') as Tensor2D;
}

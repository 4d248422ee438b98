import { stopGradient } from '@rodpo/ops';
import {
  add,
  cast,
  ceil,
  cumsum,
  gather,
  lessEqual,
  mul,
  range,
  reshape,
  type Scalar,
  scalar,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tidy,
  tile,
  transpose,
} from '@tensorflow/tfjs-core';
import { isChosen } from './is-chosen.ts';

export interface CapacityOptions {
  readonly expertCount: number;
  readonly activeCount: number;
  /** Capacity as a multiple of an equal share, such as 1.25. */
  readonly factor: number;
}

/**
 * Choices that each expert takes: `⌈factor · real tokens · activeCount / expertCount⌉`. `mask` `[n]`
 * float32, 0 for padding.
 *
 * @throws {RangeError} unless `factor` is positive and finite
 * @see Fedus et al., "Switch Transformers", 2021, https://arxiv.org/abs/2101.03961, equation 3
 */
export function expertCapacity(
  mask: Tensor,
  { expertCount, activeCount, factor }: CapacityOptions,
): Scalar {
  if (!(factor > 0 && factor < Infinity)) {
    throw new RangeError(`the capacity factor must be positive and finite, got ${factor}`);
  }
  return tidy(() => ceil(mul(sum<Scalar>(mask), (factor * activeCount) / expertCount)));
}

/**
 * Which choices `experts` `[n, k]` (int32) find a place if every expert takes `capacity`: 1 kept, 0
 * dropped, `[n, k]` float32, a constant. First choices of all tokens come before second ones, then
 * earlier tokens before later ones. Padding (`mask` `[n]` is 0) takes no place and is not kept.
 *
 * @see Lepikhin et al., "GShard", 2020, https://arxiv.org/abs/2006.16668, section 2.2
 */
export function withinCapacity(
  experts: Tensor2D,
  mask: Tensor,
  { capacity, expertCount }: { readonly capacity: Scalar | number; readonly expertCount: number },
): Tensor2D {
  const [n, activeCount] = experts.shape;
  const size = n * activeCount;
  return stopGradient(() => {
    const inTurn = reshape(transpose(experts), [1, size]);
    const isReal = tile(reshape(mask, [n]), [activeCount]);
    const isExpert = isChosen(inTurn, expertCount);
    const taken = cumsum(mul(cast(isExpert, 'float32'), isReal), 1);
    const ownCells = add(
      mul(reshape(inTurn, [size]), scalar(size, 'int32')),
      range(0, size, 1, 'int32'),
    ) as Tensor1D;
    const place = gather(reshape(taken, [-1]), ownCells);
    const keep = mul(cast(lessEqual(place, capacity), 'float32'), isReal);
    return transpose(reshape(keep, [activeCount, n])) as Tensor2D;
  });
}

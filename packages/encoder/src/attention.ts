import {
  add,
  equal,
  expandDims,
  logicalAnd,
  matMul,
  mul,
  reshape,
  scalar,
  softmax,
  split,
  squeeze,
  type Tensor,
  type Tensor2D,
  tensor2d,
  tidy,
  transpose,
  where,
} from '@tensorflow/tfjs-core';
import { dropout, type Uniform } from './dropout.ts';

/** Weights of one self-attention layer; `dimension` in and out. */
export interface AttentionWeights {
  /** Query, key and value projections side by side: `[dimension, 3 · dimension]`. */
  readonly projection: Tensor;
  readonly projectionBias: Tensor;
  /** `[dimension, dimension]`. */
  readonly output: Tensor;
  readonly outputBias: Tensor;
}

export interface AttentionOptions {
  /** Heads; must divide the dimension. */
  readonly headCount: number;
  /** Share of attention weights dropped. */
  readonly dropout: number;
  readonly uniform: Uniform;
}

/** Added to a forbidden score. Finite, so that a row with nothing allowed stays finite. */
const forbidden = -1e9;

/**
 * What each token may attend to: itself and earlier tokens of its own segment.
 * `segments` `[rows, length]` (int32) → `[rows, 1, length, length]`, 0 where allowed, −10⁹ elsewhere.
 */
export function causalSegmentMask(segments: Tensor): Tensor {
  const length = segments.shape[1]!;
  const isEarlier = Uint8Array.from({ length: length * length }, (_, index) =>
    index % length <= Math.floor(index / length) ? 1 : 0,
  );
  return tidy(() => {
    const causal = tensor2d(isEarlier, [length, length], 'bool');
    const isSame = equal(expandDims(segments, 2), expandDims(segments, 1));
    const allowed = expandDims(logicalAnd(isSame, causal), 1);
    return where(allowed, scalar(0), scalar(forbidden));
  });
}

/**
 * Multi-head self-attention of `x` `[rows · length, dimension]` under a mask
 * `[rows, 1, length, length]`.
 *
 * @throws {RangeError} if `headCount` does not divide the dimension
 * @see Vaswani et al., 2017, https://arxiv.org/abs/1706.03762, section 3.2
 */
export function selfAttention(
  x: Tensor2D,
  mask: Tensor,
  weights: AttentionWeights,
  { headCount, dropout: rate, uniform }: AttentionOptions,
): Tensor2D {
  const [rows, , , length] = mask.shape as [number, number, number, number];
  const dimension = x.shape[1];
  const size = dimension / headCount;
  if (!Number.isInteger(size) || headCount < 1) {
    throw new RangeError(`headCount must divide the dimension ${dimension}, got ${headCount}`);
  }

  return tidy(() => {
    const projected = add(matMul(x, weights.projection as Tensor2D), weights.projectionBias);
    const perHead = transpose(
      reshape(projected, [rows, length, 3, headCount, size]),
      [2, 0, 3, 1, 4],
    );
    const [query, key, value] = split(perHead, 3, 0).map((part) => squeeze(part, [0])) as Tensor[];

    const scores = matMul(mul(query!, 1 / Math.sqrt(size)), key!, false, true);
    const attended = matMul(dropout(softmax(add(scores, mask)), rate, uniform), value!);
    const joined = reshape(transpose(attended, [0, 2, 1, 3]), [rows * length, dimension]);
    return add(matMul(joined as Tensor2D, weights.output as Tensor2D), weights.outputBias);
  });
}

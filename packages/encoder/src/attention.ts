import { dropoutMask, type Uniform } from '@rodpo/ops';
import {
  add,
  cast,
  concat,
  customGrad,
  equal,
  expandDims,
  fill,
  logicalAnd,
  matMul,
  mul,
  ones,
  reshape,
  softmax,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  tensor2d,
  tidy,
  transpose,
  unstack,
} from '@tensorflow/tfjs-core';

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
    const allowed = cast(expandDims(logicalAnd(isSame, causal), 1), 'float32');
    return mul(sub(allowed, 1), -forbidden); // faster than a `where` of two constants
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
    // Queries are scaled by their weights, not one by one: tokens are far more.
    const factors = concat([fill([dimension], 1 / Math.sqrt(size)), ones([2 * dimension])]);
    const kernel = mul(weights.projection, factors) as Tensor2D;
    const projected = add(matMul(x, kernel), mul(weights.projectionBias, factors));
    const parts = reshape(projected, [rows, length, 3, headCount, size]);
    const heads = unstack(transpose(parts, [2, 0, 3, 1, 4]));
    const shape = [rows, headCount, length, length];
    const keep = rate === 0 ? undefined : dropoutMask(shape, rate, uniform);
    const attended = attend(heads, mask, keep);
    const joined = reshape(transpose(attended, [0, 2, 1, 3]), [rows * length, dimension]);
    return add(matMul(joined as Tensor2D, weights.output as Tensor2D), weights.outputBias);
  });
}

/**
 * `softmax(query · keyᵀ + mask) · value`, the softmax multiplied by `keep` if there is one.
 *
 * The gradient of the softmax needs each row's `Σ p · dp`, a sum as long as the row. It equals the
 * dot product of the result and its gradient, which is as long as a head.
 *
 * @see Dao et al., "FlashAttention", 2022, https://arxiv.org/abs/2205.14135, appendix B.2
 */
function attend(heads: readonly Tensor[], mask: Tensor, keep: Tensor | undefined): Tensor {
  const run = customGrad((q, k, v, save) => {
    const [query, key, value] = [q, k, v] as [Tensor, Tensor, Tensor];
    const shares = softmax(add(matMul(query, key, false, true), mask)) as Tensor;
    const result = matMul(kept(shares, keep), value) as Tensor;
    const masks = keep ? [keep] : []; // saved, since a tidy around the call may dispose it
    (save as (tensors: Tensor[]) => void)([query, key, value, shares, result, ...masks]);
    return { value: result, gradFunc: attendGradient };
  });
  return run(...heads);
}

function attendGradient(gradient: Tensor, saved: Tensor[]): Tensor[] {
  const [query, key, value, shares, result, keep] = saved as [
    Tensor,
    Tensor,
    Tensor,
    Tensor,
    Tensor,
    Tensor?,
  ];
  const ofShares = kept(matMul(gradient, value, false, true), keep);
  const ofScores = mul(shares, sub(ofShares, sum(mul(gradient, result), -1, true))) as Tensor;
  return [
    matMul(ofScores, key),
    matMul(ofScores, query, true),
    matMul(kept(shares, keep), gradient, true),
  ];
}

function kept(values: Tensor, keep: Tensor | undefined): Tensor {
  return keep ? mul(values, keep) : values;
}

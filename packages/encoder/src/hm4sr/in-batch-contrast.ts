import { logSumExp, stopGradient } from '@rodpo/ops';
import {
  add,
  cast,
  div,
  equal,
  expandDims,
  logicalAnd,
  logicalOr,
  matMul,
  maximum,
  mul,
  notEqual,
  range,
  rsqrt,
  type Scalar,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  tidy,
  where,
} from '@tensorflow/tfjs-core';

export interface InBatchContrastOptions {
  /** What each row is about, `[n]` int32: rows with the same id are not told apart. */
  readonly ids: Tensor;
  /** `[n]` float32: how much each row counts. One that weighs 0 is no negative of others either. */
  readonly weights: Tensor;
  /** What cosines are divided by. Default 1. */
  readonly temperature?: number;
}

/** Added to the logit of a row that is left out. */
const forbidden = -1e9;

/**
 * InfoNCE over the rows of a batch: how badly each anchor's positive is told from the positives of
 * the other rows by its cosine. `anchors` and `positives` `[n, dimension]`; the weighted mean, 0 if
 * nothing weighs anything. Memory is a few times `n²`.
 *
 * Another row with the same id is left out of the denominator. (UniSRec and HM4SR set its logit to
 * 0 instead, where it still counts as a negative with a cosine of 0.)
 *
 * @throws {RangeError} unless the temperature is positive
 * @throws {TypeError} if ids or weights are not as many as the rows
 * @see van den Oord et al., 2018, https://arxiv.org/abs/1807.03748, equation 4
 * @see Hou et al., "UniSRec", 2022, https://arxiv.org/abs/2206.05941, section 2.2
 */
export function inBatchContrast(
  anchors: Tensor2D,
  positives: Tensor2D,
  { ids, weights, temperature = 1 }: InBatchContrastOptions,
): Scalar {
  if (!(temperature > 0)) throw new RangeError(`temperature must be positive, got ${temperature}`);
  const sizes = [anchors.shape[0], positives.shape[0], ids.size, weights.size];
  if (new Set(sizes).size > 1) {
    throw new TypeError(
      `anchors, positives, ids and weights must have one length, got ${sizes.join(', ')}`,
    );
  }
  return tidy(() => {
    // Selected, not multiplied by 0: a row that weighs nothing may hold anything.
    const isCounted = expandDims(
      stopGradient(() => notEqual(weights, 0)),
      1,
    );
    const counted = (rows: Tensor2D) => unit(where(isCounted, rows, 0) as Tensor2D);
    const queries = div(counted(anchors), temperature) as Tensor2D;
    const keys = counted(positives);
    const own = sum(mul(queries, keys), 1);
    const logits = matMul(queries, keys, false, true);
    const all = logSumExp(add(logits, mul(cast(leftOut(ids, weights), 'float32'), forbidden)));
    const total = sum<Scalar>(mul(sub(all, own), weights));
    return div(total, maximum(sum(weights), 1e-12));
  });
}

/** Rows of length 1. A row of zeros stays one. */
function unit(rows: Tensor2D): Tensor2D {
  return mul(rows, rsqrt(add(sum(square(rows), 1, true), 1e-24)));
}

/** `[n, n]`: true where column `j` is no negative of row `i`, nor its positive. */
function leftOut(ids: Tensor, weights: Tensor): Tensor {
  const row = range(0, ids.size, 1, 'int32');
  const isOther = notEqual(expandDims(row, 1), expandDims(row, 0));
  const isSame = equal(expandDims(ids, 1), expandDims(ids, 0));
  return logicalOr(logicalAnd(isSame, isOther), expandDims(equal(weights, 0), 0));
}

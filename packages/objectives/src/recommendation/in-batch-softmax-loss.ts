import {
  broadcastTo,
  equal,
  expandDims,
  eye,
  logicalAnd,
  logicalNot,
  logicalOr,
  range,
  sub,
  type Tensor,
  type Tensor1D,
  tidy,
} from '@tensorflow/tfjs-core';
import { checkShape } from '../check-shape.ts';
import { noneLeftOut, select } from '../left-out.ts';
import { softmaxCrossEntropy } from './softmax-cross-entropy.ts';

export interface InBatchSoftmaxOptions {
  /**
   * Item of each row, `[n]` int32. Given, rows of the same item are no negatives of each other
   * (accidental hits). Default: they are.
   */
  readonly items?: Tensor;
  /**
   * Log-probability that an item is drawn into the batch, `[n]`: for a batch of interactions, the
   * log of its share of all interactions. Taken off every column, the row's own too. Without it,
   * popular items are punished for being negatives often.
   */
  readonly logQ?: Tensor;
}

/**
 * Cross-entropy of each row's own item against the items of the other rows: `[n]` from `scores`
 * `[n, n]`, where `scores[i, j]` is that of row i for row j's item. A temperature is the caller's:
 * divide the scores by it first.
 *
 * A score of `−Infinity`, or a column's `logQ`, leaves a negative out: for rows of padding, say.
 *
 * @throws {RangeError} if the shapes do not fit
 * @see Yi et al., "Sampling-Bias-Corrected Neural Modeling", RecSys 2019,
 * https://doi.org/10.1145/3298689.3346996
 */
export function inBatchSoftmaxLoss(
  scores: Tensor,
  { items, logQ }: InBatchSoftmaxOptions = {},
): Tensor1D {
  const rows = scores.shape[0]!;
  checkShape('scores', scores, [rows, rows]);
  if (items) checkShape('items', items, [rows]);
  if (logQ) checkShape('logQ', logQ, [rows]);
  return tidy(() => {
    const correction = logQ && broadcastTo(expandDims(logQ, 0), [rows, rows]);
    // The row's own item cannot be left out: where its score is −Infinity, its loss is infinite.
    const isKept = logicalOr(noneLeftOut(correction ? [scores, correction] : [scores]), own(rows));
    const isCounted = items ? logicalAnd(isKept, logicalNot(accidentalHits(items))) : isKept;
    const given = select(isKept, scores, 0);
    const corrected = correction ? sub(given, select(isKept, correction, 0)) : given;
    const logits = select(isCounted, corrected, Number.NEGATIVE_INFINITY);
    return softmaxCrossEntropy(logits, range(0, rows, 1, 'int32'));
  });
}

/** Where another row has the row's own item: `[n, n]`, bool. */
function accidentalHits(items: Tensor): Tensor {
  const rows = items.shape[0]!;
  const same = equal(expandDims(items, 0), expandDims(items, 1));
  return logicalAnd(same, logicalNot(own(rows)));
}

/** Where a row meets its own item: `[n, n]`, bool. */
function own(rows: number): Tensor {
  return eye(rows, rows, undefined, 'bool');
}

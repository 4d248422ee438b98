import { stopGradient } from '@rodpo/ops';
import { expandDims, gather, mul, reshape, sub, sum, type Tensor } from '@tensorflow/tfjs-core';
import { checkShape } from '../check-shape.ts';

export interface CachedReferenceOptions {
  /** `logNormaliser` of each row, `[n]`. Given, the results are log-probabilities, not scores. */
  readonly logNormalisers?: Tensor;
}

/** The reference's scores of any items, in the shape of `ids`: `[n]` or `[n, J]` int32. */
export type ReferenceScores = (ids: Tensor) => Tensor;

/**
 * A frozen reference model as what it left behind: one vector per row, `[n, dimension]`, and the
 * item table, `[itemCount, dimension]`. The score of any item is then one dot product, so that
 * negatives drawn anew in each step cost no forward pass. Constants: no gradient passes.
 *
 * @throws {RangeError} if the shapes do not fit; the function too, if `ids` has other rows
 */
export function cachedReference(
  vectors: Tensor,
  items: Tensor,
  { logNormalisers }: CachedReferenceOptions = {},
): ReferenceScores {
  const [rows, dimension] = vectors.shape as [number, number];
  checkShape('vectors', vectors, [rows, dimension]);
  checkShape('items', items, [items.shape[0]!, dimension]);
  if (logNormalisers) checkShape('logNormalisers', logNormalisers, [rows]);

  return (ids) => {
    const columns = ids.shape.slice(1, 2);
    checkShape('ids', ids, [rows, ...columns]);
    return stopGradient(() => {
      // From the flat table: a gather per row (batchDims 1) is a loop over the rows in tfjs.
      const gathered = gather(items, reshape(ids, [rows, -1]));
      const scores = sum(mul(gathered, expandDims(vectors, 1)), 2);
      const values = logNormalisers ? sub(scores, expandDims(logNormalisers, 1)) : scores;
      return reshape(values, ids.shape);
    });
  };
}

import { checkScoreCount } from '../batch/check-score-count.ts';
import { createMarks, type Marks } from '../batch/marks.ts';
import type { ItemLists, SamplingBatch } from '../negative-sampler.ts';

/** The rows of a batch with their scores, whose NaN are yet to be found. */
export interface ScoredRows {
  /** `[rowCount, itemCount]` */
  readonly scores: Float32Array;
  readonly itemCount: number;
  readonly excluded: ItemLists;
  /** Room for the exclusions of one row. */
  readonly marks: Marks;
}

/**
 * A function that takes the scores from batches, with room for marks that it makes once.
 *
 * It throws a `RangeError` if there are no scores or they are not `[rowCount, itemCount]`.
 */
export function createScoredRows(): (batch: SamplingBatch) => ScoredRows {
  let marks = createMarks(0);
  return ({ scores, rowCount, excluded }) => {
    if (!scores) throw new RangeError('This sampler needs the scores of the batch, got none');
    const itemCount = rowCount > 0 ? scores.length / rowCount : 0;
    checkScoreCount(scores, rowCount, itemCount);
    if (marks.itemCount !== itemCount) marks = createMarks(itemCount);
    return { scores, itemCount, excluded, marks };
  };
}

export function nanError(item: number, row: number): RangeError {
  return new RangeError(`scores must be numbers, got NaN for item ${item} of row ${row}`);
}

import { actionable } from '@rodpo/errors';
import { checkItem } from '../check-item.ts';

/**
 * The score of an item whose rank is asked for.
 *
 * @throws {RangeError} if `item` is not an index into `scores`, or its score is `NaN`
 */
export function relevantScore(name: string, item: number, scores: ArrayLike<number>): number {
  checkItem(name, item, scores.length);
  const score = scores[item]!;
  if (Number.isNaN(score)) {
    throw actionable(
      new RangeError(
        `expected a score for ${name} ${item}, got NaN. Look for a diverged model before ranking.`,
      ),
    );
  }
  return score;
}

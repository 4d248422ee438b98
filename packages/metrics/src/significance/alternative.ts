import { requireOneOf } from '@rodpo/errors';

/**
 * What the data may show instead of "no difference", of differences `a − b`:
 *
 * - `two-sided`: a and b differ, whichever way;
 * - `greater`: a is greater than b. With the candidate as `a` and a metric of
 *   which more is better, this asks whether the candidate is better;
 * - `less`: a is less than b.
 */
export type Alternative = 'two-sided' | 'greater' | 'less';

const alternatives: readonly Alternative[] = ['two-sided', 'greater', 'less'];

/**
 * The p-value from the probabilities of a statistic at least, and at most, as large as seen.
 *
 * @throws {RangeError} if `alternative` is none of its words
 */
export function pValueOf(atLeast: number, atMost: number, alternative: Alternative): number {
  requireOneOf('alternative', alternative, alternatives);
  if (alternative === 'greater') return atLeast;
  if (alternative === 'less') return atMost;
  return Math.min(1, 2 * Math.min(atLeast, atMost));
}

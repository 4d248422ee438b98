import { nanError, type ScoredRows } from './scored-rows.ts';

/**
 * How many allowed items of a row score more than `item`, or as much and stand below `tieEnd`: with
 * `tieEnd` the item itself, its rank from 0. The row's exclusions must be in `rows.marks`.
 *
 * @throws {RangeError} if a score is NaN
 */
export function countAhead(rows: ScoredRows, row: number, item: number, tieEnd: number): number {
  const { scores, itemCount, marks } = rows;
  const start = row * itemCount;
  const score = scores[start + item]!;
  let ahead = 0;
  for (let other = 0; other < tieEnd; other++) {
    if (scores[start + other]! < score) continue; // as for most, and never for NaN
    if (Number.isNaN(scores[start + other]!)) throw nanError(other, row);
    if (!marks.has(other)) ahead++;
  }
  for (let other = tieEnd; other < itemCount; other++) {
    if (scores[start + other]! <= score) continue;
    if (Number.isNaN(scores[start + other]!)) throw nanError(other, row);
    if (!marks.has(other)) ahead++;
  }
  return ahead;
}

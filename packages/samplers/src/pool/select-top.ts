import { guessBar } from './guess-bar.ts';
import { placeKthLargest } from './kth-largest.ts';
import { type Pool, reserve } from './pool.ts';
import { nanError, type ScoredRows } from './scored-rows.ts';

/** Accepts every score: no comparison with NaN holds. */
const NO_BAR = Number.NaN;

/**
 * Fills the pool with the `poolSize` best-scored items that the row does not exclude, or with all
 * of those if they are fewer; ties go to the lower index.
 *
 * Most items cost one comparison, with a bar that only the best pass. Those are collected; when
 * there is no more room, the best `poolSize` of them stay and the last of these is the new bar. The
 * first bar is a guess from a sample of the row: too high a one is noticed, for it leaves too few.
 *
 * @throws {RangeError} if a score is NaN, that of an excluded item included
 */
export function selectTop(pool: Pool, rows: ScoredRows, row: number, poolSize: number): void {
  const { marks, excluded, itemCount } = rows;
  marks.begin(excluded, row);
  pool.candidateCount = itemCount - marks.size();
  const wanted = Math.min(poolSize, pool.candidateCount);
  reserve(pool, Math.min(Math.max(4 * poolSize, 64), itemCount));

  guessBar(pool, rows, row, wanted);
  collect(pool, rows, row, wanted);
  if (pool.size < wanted) {
    pool.bar[0] = NO_BAR;
    collect(pool, rows, row, wanted);
  }
  if (pool.size > wanted) keepBest(pool, wanted);
}

/** Fills the pool with `wanted` or more items, unless fewer exceed its bar. */
function collect(pool: Pool, rows: ScoredRows, row: number, wanted: number): void {
  const { scores, itemCount, marks } = rows;
  const { items, scores: kept, bar } = pool;
  const start = row * itemCount;
  const end = start + itemCount;
  let size = 0;
  for (let at = nextAbove(scores, start, end, bar); at < end; ) {
    const score = scores[at]!;
    const item = at - start;
    if (Number.isNaN(score)) throw nanError(item, row);
    if (!marks.has(item)) {
      // Only now, so that a row of as many items as there is room for needs no selection.
      if (size === items.length) {
        pool.size = size;
        keepBest(pool, wanted);
        size = wanted;
      }
      items[size] = item;
      kept[size++] = score;
    }
    at = nextAbove(scores, at + 1, end, bar);
  }
  pool.size = size;
}

/** The first index whose score is not at most `bar`; a NaN is not. Four at a time are faster. */
function nextAbove(scores: Float32Array, from: number, end: number, bars: Float64Array): number {
  const bar = bars[0]!;
  const lastFour = end - 4;
  let at = from;
  while (
    at <= lastFour &&
    scores[at]! <= bar &&
    scores[at + 1]! <= bar &&
    scores[at + 2]! <= bar &&
    scores[at + 3]! <= bar
  ) {
    at += 4;
  }
  while (at < end && scores[at]! <= bar) at++;
  return at;
}

/** Keeps the `wanted` best of the pool, in their order: whatever comes must exceed the last. */
function keepBest(pool: Pool, wanted: number): void {
  const { items, scores, scratch, size } = pool;
  for (let position = 0; position < size; position++) scratch[position] = scores[position]!;
  placeKthLargest(scratch, size, wanted);
  const lowest = scratch[wanted - 1]!;

  let above = 0;
  for (let position = 0; position < size; position++) if (scores[position]! > lowest) above++;
  let ties = wanted - above;
  let kept = 0;
  for (let position = 0; position < size; position++) {
    const score = scores[position]!;
    if (score < lowest || (score === lowest && ties-- <= 0)) continue;
    items[kept] = items[position]!;
    scores[kept++] = score;
  }
  pool.size = kept;
  pool.bar[0] = lowest;
}

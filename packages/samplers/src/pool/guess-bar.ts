import type { Pool } from './pool.ts';
import type { ScoredRows } from './scored-rows.ts';

/** Below so many items per wanted one, or in short rows, a guess saves nothing. */
const LEAST_SHARE = 16;
const LEAST_ITEMS = 1024;
/** So many of the wanted items are expected in the sample. */
const EXPECTED_IN_SAMPLE = 4;

/** The best scores of the sample: no more than 4 + 3 · 2 + 2 of them are asked for. */
const best = new Float64Array(12);

/**
 * Sets the bar of a pool to a score that about three times as many allowed items exceed as are
 * `wanted`, from a sample of the row; rarely (1 row in 1000 if scores are in random order) too few
 * do. To NaN, which every score exceeds, if a guess would save nothing.
 */
export function guessBar(pool: Pool, rows: ScoredRows, row: number, wanted: number): void {
  const { scores, itemCount, marks } = rows;
  pool.bar[0] = Number.NaN;
  if (itemCount < LEAST_ITEMS || itemCount < LEAST_SHARE * wanted) return;
  const sampleSize = Math.min((EXPECTED_IN_SAMPLE * itemCount) / wanted, itemCount / 8);
  const expected = (sampleSize * wanted) / itemCount;
  // The wanted items in the sample are about Poisson: three standard deviations, and two.
  const rank = Math.ceil(expected + 3 * Math.sqrt(expected) + 2);
  const stride = Math.floor(itemCount / sampleSize);
  const start = row * itemCount;

  best.fill(Number.NEGATIVE_INFINITY, 0, rank);
  for (let item = stride >> 1; item < itemCount; item += stride) {
    const score = scores[start + item]!;
    if (!(score > best[rank - 1]!) || marks.has(item)) continue;
    let place = rank - 1;
    for (; place > 0 && best[place - 1]! < score; place--) best[place] = best[place - 1]!;
    best[place] = score;
  }
  // Between a float32 and the next lower one, so that items as good as the sampled one pass.
  const guess = best[rank - 1]!;
  pool.bar[0] = guess - Math.abs(guess) * 2 ** -30 - Number.MIN_VALUE;
}

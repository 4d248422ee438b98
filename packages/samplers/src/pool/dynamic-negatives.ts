import { requirePositiveInteger } from '@rodpo/errors';
import { type BatchRows, type Draws, rowSampler } from '../batch/row-sampler.ts';
import type { NegativeSampler, SamplingBatch, UniformRandom } from '../negative-sampler.ts';
import { countAhead } from './count-ahead.ts';
import { createDeck, type Deck } from './deck.ts';
import { dnsLogProbability, logFactorials } from './dns-probability.ts';
import { createPool, type Pool, reserve } from './pool.ts';
import { rankOrder } from './rank-order.ts';
import { createScoredRows, nanError, type ScoredRows } from './scored-rows.ts';

export interface DynamicNegativesOptions {
  /** N: how many of the allowed items are looked at, or all of them if they are fewer. */
  readonly candidateCount: number;
  /** M: how many of these, the best-scored ones, are drawn from. Default 1. */
  readonly keep?: number;
}

/**
 * Dynamic negative sampling, DNS(M, N): N distinct candidates uniformly from what a row does not
 * exclude, the M best-scored of them, and one of these uniformly. Needs `scores`.
 *
 * With n allowed items, the one of rank r by score (ties to the lower index) has
 *
 * `q(r) = 1/M · Σ_{j<M} C(r − 1, j) · C(n − r, N − 1 − j) / C(n, N)`
 *
 * Several draws of a row come from the same M candidates, without putting back, so `count` must not
 * exceed M; their log q is that of a first draw. N = M is uniform, N of at least n is `topKPool`
 * with M items. Every row takes `candidateCount + count` random numbers.
 *
 * @see Zhang et al., "Optimizing Top-N Collaborative Filtering via Dynamic Negative Item Sampling",
 * SIGIR 2013, https://doi.org/10.1145/2484028.2484126 (M = 1)
 * @see Shi et al., "On the Theories Behind Hard Negative Sampling for Recommendation", WWW 2023,
 * https://arxiv.org/abs/2302.03472 (any M)
 * @throws {RangeError} if an option is not a positive integer, or `keep` exceeds `candidateCount`
 */
export function dynamicNegatives(options: DynamicNegativesOptions): NegativeSampler {
  const { candidateCount, keep = 1 } = options;
  checkOptions(candidateCount, keep);
  const scoredRows = createScoredRows();
  let catalogue = catalogueOf(0, candidateCount);

  return rowSampler((batch) => {
    const rows = scoredRows(batch);
    if (catalogue.itemCount !== rows.itemCount) {
      catalogue = catalogueOf(rows.itemCount, candidateCount);
    }
    return rowsOf(batch, rows, catalogue, { candidateCount, keep });
  });
}

/** What depends on the number of items alone. */
interface Catalogue {
  readonly itemCount: number;
  /** The candidates of one row. */
  readonly pool: Pool;
  readonly order: Int32Array;
  readonly deck: Deck;
  readonly logFactorial: Float64Array;
}

function catalogueOf(itemCount: number, candidateCount: number): Catalogue {
  const pool = createPool();
  reserve(pool, Math.min(candidateCount, itemCount));
  return {
    itemCount,
    pool,
    order: new Int32Array(pool.items.length),
    deck: createDeck(itemCount),
    logFactorial: logFactorials(itemCount),
  };
}

function rowsOf(
  { excluded }: SamplingBatch,
  rows: ScoredRows,
  { itemCount, pool, order, deck, logFactorial }: Catalogue,
  options: Required<DynamicNegativesOptions>,
): BatchRows {
  const { marks } = rows;
  const shape = { allowedCount: 0, candidateCount: 0, keep: 0 };
  let row = 0;

  const logProbability = (item: number) => {
    if (item < 0 || item >= itemCount || marks.has(item)) return -Infinity;
    return dnsLogProbability(1 + countAhead(rows, row, item, item), shape, logFactorial);
  };
  return {
    open(next) {
      row = next;
      marks.begin(excluded, row);
      shape.allowedCount = itemCount - marks.size();
      shape.candidateCount = Math.min(options.candidateCount, shape.allowedCount);
      shape.keep = Math.min(options.keep, shape.candidateCount);
      return shape.keep;
    },
    draw({ negatives, count, start }: Draws, random: UniformRandom) {
      for (let at = excluded.offsets[row]!; at < excluded.offsets[row + 1]!; at++) {
        deck.remove(excluded.items[at]!);
      }
      drawCandidates(pool, deck, options.candidateCount, random);
      deck.restore();
      lookUpScores(pool, rows, row);
      rankOrder(order, pool, shape.keep);
      for (let drawn = 0; drawn < count; drawn++) {
        const picked = drawn + Math.floor(random() * (shape.keep - drawn));
        const item = pool.items[order[picked]!]!;
        order[picked] = order[drawn]!;
        negatives.items[start + drawn] = item;
        negatives.logProbabilities[start + drawn] = logProbability(item);
      }
    },
    logProbability,
  };
}

/** Fills the pool with distinct items. Takes `count` random numbers though there may be fewer. */
function drawCandidates(pool: Pool, deck: Deck, count: number, random: UniformRandom): void {
  pool.size = 0;
  for (let candidate = 0; candidate < count; candidate++) {
    if (deck.size() > 0) pool.items[pool.size++] = deck.draw(random);
    else random();
  }
}

function lookUpScores(pool: Pool, { scores, itemCount }: ScoredRows, row: number): void {
  for (let position = 0; position < pool.size; position++) {
    const item = pool.items[position]!;
    const score = scores[row * itemCount + item]!;
    if (Number.isNaN(score)) throw nanError(item, row);
    pool.scores[position] = score;
  }
}

function checkOptions(candidateCount: number, keep: number): void {
  requirePositiveInteger('candidateCount', candidateCount);
  requirePositiveInteger('keep', keep);
  if (keep <= candidateCount) return;
  throw new RangeError(`keep must be at most candidateCount, ${candidateCount}, got ${keep}`);
}

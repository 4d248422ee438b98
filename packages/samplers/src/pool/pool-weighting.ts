import { requireOneOf } from '@rodpo/errors';
import { priorsOf, trueNegativeProbability } from './negative-confidence.ts';
import type { Pool } from './pool.ts';
import { rankOrder } from './rank-order.ts';
import type { Schedule } from './schedule.ts';

/**
 * How likely the items of a pool are, among each other:
 *
 * - `'uniform'`: all the same;
 * - `{ temperature: τ }`: as `exp(score / τ)`, a softmax over the pool. Towards 0 the hardest item
 *   takes all, towards ∞ it is uniform. Items scored +∞ share everything between them;
 * - `'rank'`: as `1 / rank`, the best-scored of the pool having rank 1;
 * - `{ rankExponent: α }`: as `rank^−α`;
 * - `{ confidence: prior }`: as the probability that an item is a true negative, see
 *   `negativeConfidence`.
 */
export type PoolWeighting =
  | 'uniform'
  | 'rank'
  | { readonly rankExponent: number }
  | { readonly temperature: number | Schedule }
  | { readonly confidence: number | ArrayLike<number> };

/** Sets the logits of a pool whose items and scores are there. */
export type Weigh = (pool: Pool, step: number) => void;

/**
 * The function that weighs a pool; none for `'uniform'`, whose logits nobody reads.
 *
 * @throws {RangeError} at once if it is no word of these, a temperature is not positive and finite, an exponent is not
 * finite, or a prior is not from 0 to 1; when called, if a schedule gives such a temperature or an
 * item of the pool has no prior
 */
export function weigherOf(weighting: PoolWeighting): Weigh | undefined {
  if (weighting === 'uniform') return undefined;
  if (weighting === 'rank') return byRank(1);
  if (typeof weighting === 'string') requireOneOf('weighting', weighting, ['uniform', 'rank']);
  if ('rankExponent' in weighting) return byRank(weighting.rankExponent);
  if ('temperature' in weighting) return byScore(weighting.temperature);
  return byConfidence(weighting.confidence);
}

function byScore(temperature: number | Schedule): Weigh {
  if (typeof temperature === 'number') checkTemperature(temperature);
  return (pool, step) => {
    const value = typeof temperature === 'number' ? temperature : temperature(step);
    checkTemperature(value);
    for (let index = 0; index < pool.size; index++) {
      pool.logits[index] = pool.scores[index]! / value;
    }
  };
}

function checkTemperature(temperature: number): void {
  if (Number.isFinite(temperature) && temperature > 0) return;
  throw new RangeError(`temperature must be positive and finite, got ${temperature}`);
}

function byRank(exponent: number): Weigh {
  if (!Number.isFinite(exponent)) {
    throw new RangeError(`rankExponent must be finite, got ${exponent}`);
  }
  let order = new Int32Array(0);
  return (pool) => {
    if (order.length < pool.size) order = new Int32Array(pool.items.length);
    rankOrder(order, pool);
    for (let index = 0; index < pool.size; index++) {
      pool.logits[order[index]!] = -exponent * Math.log(index + 1);
    }
  };
}

/** Whatever an allowed item outside the pool scores, it is no better than the pool's last. */
function byConfidence(confidence: number | ArrayLike<number>): Weigh {
  const priorOf = priorsOf(confidence);
  let order = new Int32Array(0);
  return (pool) => {
    if (order.length < pool.size) order = new Int32Array(pool.items.length);
    rankOrder(order, pool);
    let better = 0;
    for (let index = 0; index < pool.size; index++) {
      const position = order[index]!;
      const isTie = index > 0 && pool.scores[order[index - 1]!] === pool.scores[position];
      if (!isTie) better = index;
      const cumulative = 1 - better / pool.candidateCount;
      const prior = priorOf(pool.items[position]!);
      pool.logits[position] = Math.log(trueNegativeProbability(cumulative, prior));
    }
  };
}

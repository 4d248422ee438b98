import {
  div,
  exp,
  gather,
  max,
  scalar,
  sub,
  type Tensor,
  tensor1d,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';

/**
 * How likely an item of the pool is:
 * - `'uniform'`: all the same
 * - `{ temperature }`: ∝ exp(score / temperature), so that hot is uniform and cold the best one
 * - `{ rankExponent }`: ∝ place^-rankExponent, the best one's place being 1
 * - `'rank'`: as `{ rankExponent: 1 }`
 */
export type PoolWeighting =
  | 'uniform'
  | 'rank'
  | { readonly temperature: number }
  | { readonly rankExponent: number };

/** @throws {RangeError} if it is none, or its number is out of range */
export function checkWeighting(weighting: PoolWeighting): void {
  if (weighting === 'uniform' || weighting === 'rank') return;
  if (typeof weighting === 'object') {
    if ('temperature' in weighting) {
      if (weighting.temperature > 0 && weighting.temperature < Infinity) return;
    } else if (weighting.rankExponent >= 0 && weighting.rankExponent < Infinity) return;
  }
  throw new RangeError(
    "weighting must be 'uniform', 'rank', { temperature } above 0 or { rankExponent } from 0, " +
      `got ${JSON.stringify(weighting)}`,
  );
}

/**
 * The weight of every candidate, 0 outside the pool, and its logarithm, which is finite even where
 * the weight underflows, and means nothing outside the pool. `[n, c]`.
 *
 * @param isPooled `[n, c]` bool
 * @param place `[n, c]` int32, of each item of the pool, from 0
 */
export function poolWeights(
  scores: Tensor,
  isPooled: Tensor,
  place: Tensor,
  weighting: Exclude<PoolWeighting, 'uniform'>,
): { weights: Tensor; logWeights: Tensor } {
  if (typeof weighting === 'object' && 'temperature' in weighting) {
    const best = max(where(isPooled, scores, scalar(-Infinity)), 1, true);
    const logWeights = div(sub(scores, best), scalar(weighting.temperature));
    return { logWeights, weights: where(isPooled, exp(logWeights), zerosLike(scores)) };
  }
  const exponent = weighting === 'rank' ? 1 : weighting.rankExponent;
  const logs = Float32Array.from({ length: scores.shape[1]! }, (_, index) => {
    return -exponent * Math.log(index + 1);
  });
  // From tables, not by `exp`: engines round that differently, and would draw differently.
  const inPool = where(isPooled, place, zerosLike(place));
  const weights = gather(tensor1d(logs.map(Math.exp)), inPool as never);
  return {
    logWeights: gather(tensor1d(logs), inPool as never),
    weights: where(isPooled, weights, zerosLike(weights)),
  };
}

import {
  add,
  div,
  exp,
  gather,
  max,
  min,
  mul,
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

/** What the items of a pool weigh, `[n, c]` each. */
export interface PoolWeights {
  /**
   * The weights of the items that remain, `[n, c]` bool, in proportion to their best one's, which is 1; 0
   * elsewhere. So what was drawn does not make the others underflow, however far behind they are.
   */
  readonly of: (remaining: Tensor) => Tensor;
  /** Logarithms of all weights of the pool, which mean nothing outside it. */
  readonly logs: Tensor;
}

interface PlacedScores {
  readonly scores: Tensor;
  /** `[n, c]` bool. */
  readonly isPooled: Tensor;
  /** `[n, c]` int32, of each item of the pool, from 0. */
  readonly place: Tensor;
  /** How many items are drawn from it. */
  readonly count: number;
}

/** The weights of a pool, before anything is drawn from it and after. */
export function poolWeights(
  pool: PlacedScores,
  weighting: Exclude<PoolWeighting, 'uniform'>,
): PoolWeights {
  if (typeof weighting === 'object' && 'temperature' in weighting) {
    return weightsByScore(pool, weighting.temperature);
  }
  return weightsByPlace(pool, weighting === 'rank' ? 1 : weighting.rankExponent);
}

function weightsByScore({ scores, isPooled }: PlacedScores, temperature: number): PoolWeights {
  const logsOf = (remaining: Tensor) => {
    const best = max(where(remaining, scores, scalar(-Infinity)), 1, true);
    return div(sub(scores, best), scalar(temperature));
  };
  return {
    of: (remaining) => where(remaining, exp(logsOf(remaining)), zerosLike(scores)),
    logs: logsOf(isPooled),
  };
}

/** From tables, not by `exp`: engines round that differently, and would draw differently. */
function weightsByPlace(
  { scores, isPooled, place, count }: PlacedScores,
  exponent: number,
): PoolWeights {
  const width = scores.shape[1]!;
  const nowhere = zerosLike(place);
  const looked = (table: Float32Array, at: Tensor) => gather(tensor1d(table), at as never);
  // Of each place, where the best that remains is the first one, the second one, and so on.
  const ratios = Float32Array.from({ length: count * width }, (_, cell) => {
    return ((Math.floor(cell / width) + 1) / ((cell % width) + 1)) ** exponent;
  });
  const logs = Float32Array.from({ length: width }, (_, at) => -exponent * Math.log(at + 1));
  return {
    of: (remaining: Tensor) => {
      // No more places are gone than items were drawn.
      const best = min(where(remaining, place, scalar(count - 1, 'int32')), 1, true);
      const cells = where(remaining, add(mul(best, scalar(width, 'int32')), place), nowhere);
      return where(remaining, looked(ratios, cells), zerosLike(scores));
    },
    logs: looked(logs, where(isPooled, place, nowhere)),
  };
}

import { requireOneOf } from '@rodpo/errors';
import { type BootstrapEstimate, bootstrapEstimate, checkBootstrap } from './bootstrap-interval.ts';
import { momentsOf } from './moments.ts';
import { checkCount, checkFinite } from './paired-differences.ts';

export interface NestedBootstrapOptions {
  /** Draws from [0, 1); a seeded generator makes the interval repeatable to the last bit. */
  readonly random: () => number;
  readonly resamples?: number;
  /** Of the interval, strictly between 0 and 1. */
  readonly confidence?: number;
  /**
   * `shared`: position `u` is the same user under every seed, so each resample
   * draws users once, for all its seeds. `separate`: every seed has users of its
   * own, drawn anew for each. To call shared users separate makes the interval
   * too narrow: their tastes would seem to average out over the seeds.
   */
  readonly users?: 'shared' | 'separate';
}

/**
 * Percentile interval of the mean difference between two methods, over seeds
 * and users: resamples seeds, then users. `differences[seed][user]` is the
 * candidate's metric minus the baseline's; every seed weighs the same.
 *
 * A few seeds show little of how seeds vary: the variance between S of them is
 * underestimated by the share 1/S. With under ten, report `overSeeds` too.
 *
 * @see Davison and Hinkley, "Bootstrap Methods and Their Application", 1997,
 * section 3.8 (separate users); Owen, "The Pigeonhole Bootstrap", Annals of
 * Applied Statistics 2007, https://arxiv.org/abs/0712.1111 (shared users)
 * @throws {RangeError} if there are fewer than 2 seeds, or 2 users of a seed,
 * shared users are not equally many, a value is `NaN` or infinite, `confidence` is
 * not between 0 and 1, `resamples` is not an integer of at least 2, or `users` is none of its words
 */
export function nestedBootstrap(
  differences: readonly ArrayLike<number>[],
  { random, resamples = 10_000, confidence = 0.95, users = 'shared' }: NestedBootstrapOptions,
): BootstrapEstimate {
  checkBootstrap(confidence, resamples);
  requireOneOf('users', users, ['shared', 'separate']);
  checkDifferences(differences, users);
  const meanOfSeed = differences.map((values) => momentsOf(values).mean);
  const resampledMeans = users === 'shared' ? meansOfSharedUsers : meansOfSeparateUsers;
  const means = resampledMeans(differences, resamples, random);
  return bootstrapEstimate(means, momentsOf(meanOfSeed).mean, confidence);
}

function meansOfSharedUsers(
  differences: readonly ArrayLike<number>[],
  resamples: number,
  random: () => number,
): Float64Array {
  const seedCount = differences.length;
  const userCount = differences[0]!.length;
  const byUser = new Float64Array(userCount * seedCount); // so that a drawn user is one cache line
  differences.forEach((values, seed) => {
    for (let user = 0; user < userCount; user++) byUser[user * seedCount + seed] = values[user]!;
  });

  const weights = new Float64Array(seedCount);
  return Float64Array.from({ length: resamples }, () => {
    weights.fill(0);
    for (let drawn = 0; drawn < seedCount; drawn++) weights[Math.floor(random() * seedCount)]!++;
    let sum = 0;
    for (let drawn = 0; drawn < userCount; drawn++) {
      const start = Math.floor(random() * userCount) * seedCount;
      for (let seed = 0; seed < seedCount; seed++) sum += weights[seed]! * byUser[start + seed]!;
    }
    return sum / (seedCount * userCount);
  });
}

function meansOfSeparateUsers(
  differences: readonly ArrayLike<number>[],
  resamples: number,
  random: () => number,
): Float64Array {
  const seedCount = differences.length;
  const ofSeed = differences.map((values) => Float64Array.from(values));
  return Float64Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let drawn = 0; drawn < seedCount; drawn++) {
      sum += resampledMean(ofSeed[Math.floor(random() * seedCount)]!, random);
    }
    return sum / seedCount;
  });
}

function resampledMean(values: Float64Array, random: () => number): number {
  let sum = 0;
  for (let drawn = 0; drawn < values.length; drawn++) {
    sum += values[Math.floor(random() * values.length)]!;
  }
  return sum / values.length;
}

function checkDifferences(
  differences: readonly ArrayLike<number>[],
  users: 'shared' | 'separate',
): void {
  checkCount(differences.length, 'seeds');
  differences.forEach((values, seed) => {
    checkCount(values.length, `users of seed ${seed}`);
    if (users === 'shared' && values.length !== differences[0]!.length) {
      throw new RangeError(
        `shared users must be equally many under every seed, got ${differences[0]!.length} under ` +
          `seed 0 and ${values.length} under seed ${seed}. Judge every seed on the same users, ` +
          "or pass users: 'separate'.",
      );
    }
    for (let user = 0; user < values.length; user++) {
      checkFinite(`differences[${seed}]`, values[user]!, user);
    }
  });
}

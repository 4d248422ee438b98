import { nestedBootstrap, pairedBootstrap } from '@rodpo/metrics';
import { seededRandom } from '@rodpo/random';
import { describe, expect, test } from 'vitest';
import { cycle, normals } from './draws.ts';

describe('nestedBootstrap', () => {
  test('one resample of each kind by hand', () => {
    const differences = [
      [1, 2],
      [10, 30],
    ];
    // Seeds 1, 1; then users 0, 1 for both: (10 + 30) / 2. Twice, so there is no spread.
    const shared = nestedBootstrap(differences, {
      random: cycle([0.5, 0.9, 0, 0.5]),
      resamples: 2,
    });
    expect(shared).toMatchObject({ meanDifference: 10.75, confidenceInterval: [20, 20] });

    // Seed 1 with users 0, 0: 10. Then seed 0 with users 1, 1: 2. Their mean is 6.
    const separate = nestedBootstrap(differences, {
      random: cycle([0.5, 0, 0.1, 0, 0.5, 0.9]),
      resamples: 2,
      users: 'separate',
    });
    expect(separate).toMatchObject({ meanDifference: 10.75, confidenceInterval: [6, 6] });
  });

  // Four seeds, 30 users; users differ (0.5), seeds differ (0.3), and the rest is noise (0.4).
  const table = Array.from({ length: 4 }, (_, seed) =>
    Float64Array.from(
      normals(100, 30),
      (user, index) => 0.5 * user + 0.3 * normals(200, 4)[seed]! + 0.4 * normals(seed, 30)[index]!,
    ),
  );

  test.each(['shared', 'separate'] as const)(
    'the standard error is the one that resampling has in the limit: %s users',
    (users) => {
      const { standardError } = nestedBootstrap(table, {
        random: seededRandom(9),
        resamples: 20_000,
        users,
      });

      // 20,000 draws: one sigma is 0.5 %.
      expect(Math.abs(standardError / limitOfError(table, users) - 1)).toBeLessThan(0.02);
    },
  );

  test('shared users give a wider interval than separate ones, for users are drawn once', () => {
    expect(limitOfError(table, 'shared')).toBeGreaterThan(1.2 * limitOfError(table, 'separate'));
  });

  test('one seed repeated is a bootstrap over its users', () => {
    const values = normals(5, 60);
    const options = { random: seededRandom(1), resamples: 5000 };
    const nested = nestedBootstrap([values, values, values], options);
    const plain = pairedBootstrap(values, new Float64Array(60), options);

    // Both are off by 1 % (1 / √10,000), one sigma.
    expect(Math.abs(nested.standardError / plain.standardError - 1)).toBeLessThan(0.05);
  });

  test.each(['shared', 'separate'] as const)('the same seed gives the same bits: %s', (users) => {
    const estimate = (seed: number) =>
      nestedBootstrap(table, { random: seededRandom(seed), resamples: 100, users });

    expect(estimate(1)).toEqual(estimate(1));
    expect(estimate(1).confidenceInterval).not.toEqual(estimate(2).confidenceInterval);
  });

  test('seeds with separate users may have different numbers of them, and weigh the same', () => {
    const options = { random: seededRandom(1), users: 'separate', resamples: 10 } as const;
    expect(
      nestedBootstrap(
        [
          [1, 1],
          [4, 4, 4, 4],
        ],
        options,
      ).meanDifference,
    ).toBe(2.5);
  });

  test('rejects what it cannot resample', () => {
    const options = { random: seededRandom(1) };
    expect(() => nestedBootstrap([[1, 2]], options)).toThrow(/at least 2 seeds, got 1\./);
    expect(() => nestedBootstrap([[1, 2], [1]], options)).toThrow(/at least 2 users of seed 1/);
    expect(() =>
      nestedBootstrap(
        [
          [1, 2],
          [1, 2, 3],
        ],
        options,
      ),
    ).toThrow(
      new RangeError(
        'shared users must be equally many under every seed, got 2 under seed 0 and 3 under ' +
          "seed 1. Judge every seed on the same users, or pass users: 'separate'.",
      ),
    );
    expect(() =>
      nestedBootstrap(
        [
          [1, 2],
          [1, NaN],
        ],
        options,
      ),
    ).toThrow(/^differences\[1\]\[1\] must be a finite number, got NaN/);
  });
});

/**
 * Standard deviation of the resampled mean over all resamples there are. Separate: a drawn seed
 * has variance between seeds plus that of a mean of its users. Shared: the variances of the seeds'
 * means, of the users' means and of the interaction, each over how many there are (Owen 2007).
 */
function limitOfError(table: readonly Float64Array[], users: 'shared' | 'separate'): number {
  const [seedCount, userCount] = [table.length, table[0]!.length];
  const mean = (values: ArrayLike<number>) =>
    Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
  const variance = (values: ArrayLike<number>) => {
    const centre = mean(values);
    return mean(Array.from(values, (value) => (value - centre) ** 2));
  };
  const seedMeans = table.map(mean);
  if (users === 'separate') {
    const within = mean(table.map((values) => variance(values) / userCount));
    return Math.sqrt((variance(seedMeans) + within) / seedCount);
  }
  const userMeans = Array.from({ length: userCount }, (_, user) =>
    mean(table.map((values) => values[user]!)),
  );
  const rest = table.flatMap((values, seed) =>
    Array.from(values, (value, user) => value - seedMeans[seed]! - userMeans[user]!),
  );
  return Math.sqrt(
    variance(seedMeans) / seedCount +
      variance(userMeans) / userCount +
      variance(rest) / (seedCount * userCount),
  );
}

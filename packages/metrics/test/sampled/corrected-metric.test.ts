import { readFileSync } from 'node:fs';
import { correctedMetric, estimatedRank, mrrAt, ndcgAt } from '@rodpo/metrics';
import { seededRandom } from '@rodpo/random';
import { expectAllClose } from '@rodpo/testing';
import { describe, expect, test } from 'vitest';

const warn = () => {};
const ndcgAt10 = (rank: number) => ndcgAt(rank, 10);
const reciprocalRank = (rank: number) => mrrAt(rank, 1_000_000);

test('by hand: one sampled item of a catalogue of two', () => {
  // Rank 1 gives sampled rank 1 and rank 2 gives 2, for certain: nothing is to correct.
  for (const biasVariance of [0, 0.1, 1]) {
    const values = correctedMetric(reciprocalRank, {
      sampleCount: 1,
      itemCount: 2,
      biasVariance,
      warn,
    });
    expectAllClose(values, [1, 0.5], { relative: 1e-14 });
  }
});

test('by hand: one sampled item of a catalogue of three', () => {
  // Ranks 1, 2, 3 are sampled rank 2 with chance 0, 1/2, 1. Metric 1, 0, 0.
  const sampling = { sampleCount: 1, itemCount: 3, warn };
  const hit = (rank: number) => (rank === 1 ? 1 : 0);

  // At 1, the mean metric given the sampled rank: of 1 + 1/2 chances of sampled rank 1, 1 hits.
  expectAllClose(correctedMetric(hit, { ...sampling, biasVariance: 1 }), [2 / 3, 0]);
  // At 0, least squares through (0, 1), (1/2, 0), (1, 0): the line 5/6 - x, read off at 0 and 1.
  expectAllClose(correctedMetric(hit, { ...sampling, biasVariance: 0 }), [5 / 6, -1 / 6]);
  // If rank 3 never comes up, the line through the other two has no bias.
  const rankDistribution = [3, 3, 0];
  const values = correctedMetric(hit, { ...sampling, biasVariance: 0, rankDistribution });
  expectAllClose(values, [1, -1]);
});

interface GoldenCase {
  readonly metric: 'ndcg@10' | 'reciprocal rank';
  readonly sampleCount: number;
  readonly itemCount: number;
  readonly biasVariance: number;
  readonly power: number | null;
  readonly values: number[];
}

/** Least squares solved two other ways by NumPy and mpmath: see golden/sampled.py. */
const golden: { readonly cases: GoldenCase[] } = JSON.parse(
  readFileSync(new URL('../golden/sampled.json', import.meta.url), 'utf8'),
);

test.each(golden.cases)(
  '$metric, $sampleCount of $itemCount items, weight $biasVariance, ranks to the power -$power',
  ({ metric, power, values: expected, ...sampling }) => {
    const weights = power === null ? {} : { rankDistribution: powerLaw(sampling.itemCount, power) };
    const worth = metric === 'ndcg@10' ? ndcgAt10 : reciprocalRank;
    const values = correctedMetric(worth, { ...sampling, ...weights, warn });

    // Without help from the variance the equations lose more digits; see the pivots' limit.
    const relative = sampling.biasVariance === 0 ? 1e-5 : 1e-8;
    expectAllClose(values, expected, { relative, absolute: 1e-9 });
  },
);

describe('a simulated evaluation of 20,000 cases with 100 sampled of 2,000 items', () => {
  const [sampleCount, itemCount, caseCount] = [100, 2000, 20_000];
  const random = seededRandom(7);
  // Ranks fall off as those of a fair recommender do: P(rank) about 1 / rank.
  const ranks = Float64Array.from({ length: caseCount }, () =>
    Math.floor((itemCount + 1) ** random()),
  );
  const sampledRanks = ranks.map((rank) => {
    let above = 0;
    for (let draw = 0; draw < sampleCount; draw++) {
      const drawn = 1 + Math.floor(random() * (itemCount - 1)); // one of the others, by its place
      if (drawn < rank) above++;
    }
    return above + 1;
  });
  const mean = (values: Float64Array) => values.reduce((sum, own) => sum + own) / caseCount;
  const exact = mean(ranks.map(ndcgAt10));
  const raw = mean(sampledRanks.map(ndcgAt10));
  const sampling = { sampleCount, itemCount, warn };
  const corrected = (options: { biasVariance?: number; rankDistribution?: number[] }) => {
    const values = correctedMetric(ndcgAt10, { ...sampling, ...options });
    return mean(sampledRanks.map((rank) => values[rank - 1]!));
  };

  test('the raw sampled metric is far off, metrics of estimated ranks are nearer', () => {
    const estimated = mean(sampledRanks.map((rank) => ndcgAt10(estimatedRank(rank, sampling))));

    expect(raw).toBeGreaterThan(exact + 0.25);
    expect(Math.abs(estimated - exact)).toBeLessThan(Math.abs(raw - exact));
  });

  test('corrected without knowledge it is nearer, the more so the less variance costs', () => {
    const errors = [1, 0.1, 0.01, 0.001].map((biasVariance) =>
      Math.abs(corrected({ biasVariance }) - exact),
    );

    expect(errors[0]).toBeLessThan(Math.abs(raw - exact));
    expect(errors).toEqual([...errors].sort((a, b) => b - a));
    expect(Math.abs(corrected({}) - exact)).toBe(errors[2]); // 0.01 is the default
  });

  test('corrected with the distribution of ranks it is right to the standard error', () => {
    // One corrected value has a standard deviation below 1, so that the mean's is below 0.007.
    const rankDistribution = powerLaw(itemCount, 1);

    expect(Math.abs(corrected({ rankDistribution }) - exact)).toBeLessThan(0.02);
  });
});

test('a metric that is linear in the rank comes out without bias', () => {
  const sampling = { sampleCount: 12, itemCount: 300, warn };
  const values = correctedMetric((rank) => 3 - rank, { ...sampling, biasVariance: 0 });

  values.forEach((value, index) => {
    expect(value).toBeCloseTo(3 - estimatedRank(index + 1, sampling), 3);
  });
});

test('a constant metric stays as it is', () => {
  const values = correctedMetric(() => 0.5, { sampleCount: 40, itemCount: 100, warn });

  expectAllClose(values, new Float64Array(41).fill(0.5), { relative: 1e-12 });
});

test('sampled ranks that the distribution makes impossible have no value', () => {
  const values = correctedMetric(reciprocalRank, {
    sampleCount: 3,
    itemCount: 4,
    rankDistribution: [1, 0, 0, 0],
    warn,
  });

  expect(values).toEqual(Float64Array.of(1, Number.NaN, Number.NaN, Number.NaN));
});

describe('bad input', () => {
  const sampling = { sampleCount: 3, itemCount: 4, warn };

  test.each([-0.1, 1.1, Number.NaN])('rejects biasVariance %d', (biasVariance) => {
    expect(() => correctedMetric(reciprocalRank, { ...sampling, biasVariance })).toThrow(
      new RangeError(
        `biasVariance must be from 0 to 1, got ${biasVariance}. ` +
          'It weighs the variance of the values against the bias of their mean.',
      ),
    );
  });

  test('rejects a bias that only exact arithmetic could remove', () => {
    const large = { sampleCount: 100, itemCount: 1000, warn };

    expect(() => correctedMetric(reciprocalRank, { ...large, biasVariance: 0 })).toThrow(
      new RangeError(
        'biasVariance must be larger for 100 samples, got 0. ' +
          'The equations are singular in double precision: pass 0.001 or more.',
      ),
    );
    expect(correctedMetric(reciprocalRank, { ...large, biasVariance: 1e-6 })[0]).toBeGreaterThan(0);
    // From about 20 samples on the equations still have a solution, and it is noise.
    expect(() => correctedMetric(ndcgAt10, { ...large, sampleCount: 22, biasVariance: 0 })).toThrow(
      'biasVariance must be larger for 22 samples, got 0.',
    );
    expect(
      correctedMetric(ndcgAt10, { ...large, sampleCount: 18, biasVariance: 0 })[0],
    ).toBeCloseTo(0.77882, 4); // 80-digit arithmetic, as in golden/sampled.py, gives 0.778822...
  });

  test.each([
    { rankDistribution: [1, 1, 1], fact: 'must have one weight per rank, 4, got 3' },
    { rankDistribution: [1, 1, -1, 1], fact: 'must be at least 0, got -1 for rank 3' },
    { rankDistribution: [1, 1, Number.NaN, 1], fact: 'must be at least 0, got NaN for rank 3' },
    { rankDistribution: [0, 0, 0, 0], fact: 'must have a finite sum above 0, got 0' },
    { rankDistribution: [Number.POSITIVE_INFINITY, 0, 0, 0], fact: 'finite sum above 0, got Inf' },
  ])('rejects rankDistribution $rankDistribution', ({ rankDistribution, fact }) => {
    const correct = () => correctedMetric(reciprocalRank, { ...sampling, rankDistribution });

    expect(correct).toThrow(RangeError);
    expect(correct).toThrow(fact);
  });

  test('rejects a metric without a finite value, and a sample of nothing', () => {
    expect(() => correctedMetric((rank) => 1 / (rank - 2), sampling)).toThrow(
      'metric must be finite at every rank, got Infinity at rank 2.',
    );
    expect(() => correctedMetric(reciprocalRank, { ...sampling, sampleCount: 0 })).toThrow(
      'sampleCount must be a positive integer, got 0.',
    );
    expect(() => correctedMetric(reciprocalRank, { ...sampling, itemCount: 1 })).toThrow(
      'itemCount must be an integer of at least 2, got 1.',
    );
  });
});

function powerLaw(itemCount: number, power: number): number[] {
  return Array.from({ length: itemCount }, (_, index) => (index + 1) ** -power);
}

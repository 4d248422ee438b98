import { estimatedRank } from '@rodpo/metrics';
import { expect, test } from 'vitest';

const warn = () => {};

test('scales the places below the first to the whole catalogue', () => {
  // 10 of 100 sampled items are above: about a tenth of the 999 others is.
  expect(estimatedRank(11, { sampleCount: 100, itemCount: 1000, warn })).toBeCloseTo(100.9, 12);
  expect(estimatedRank(1, { sampleCount: 100, itemCount: 1000, warn })).toBe(1);
  expect(estimatedRank(101, { sampleCount: 100, itemCount: 1000, warn })).toBe(1000);
  expect(estimatedRank(3, { sampleCount: 9, itemCount: 10, warn })).toBe(3); // the whole catalogue
});

test('is unbiased: its mean over the binomial of the sampled rank is the rank', () => {
  const [sampleCount, itemCount] = [5, 21];

  for (const rank of [1, 2, 7, 20, 21]) {
    const chance = (rank - 1) / (itemCount - 1);
    let mean = 0;
    let ways = 1; // to choose which draws are above the target
    for (let above = 0; above <= sampleCount; above++) {
      const probability = ways * chance ** above * (1 - chance) ** (sampleCount - above);
      mean += probability * estimatedRank(above + 1, { sampleCount, itemCount, warn });
      ways = (ways * (sampleCount - above)) / (above + 1);
    }
    expect(mean).toBeCloseTo(rank, 12);
  }
});

test('rejects what is no rank among a sample, and no sample', () => {
  for (const sampledRank of [0, 0.5, 12, Number.NaN]) {
    expect(() => estimatedRank(sampledRank, { sampleCount: 10, itemCount: 50, warn })).toThrow(
      new RangeError(
        `sampledRank must be from 1 to 11, got ${sampledRank}. ` +
          'It is the 1-based rank among the target and the sample.',
      ),
    );
  }
  for (const sampleCount of [0, 1.5, Number.NaN]) {
    expect(() => estimatedRank(1, { sampleCount, itemCount: 50, warn })).toThrow(
      `sampleCount must be a positive integer, got ${sampleCount}. Count the items drawn beside`,
    );
  }
  for (const itemCount of [1, 2.5, Number.NaN]) {
    expect(() => estimatedRank(1, { sampleCount: 5, itemCount, warn })).toThrow(
      `itemCount must be an integer of at least 2, got ${itemCount}. Count every item`,
    );
  }
});

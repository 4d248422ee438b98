import { topRanked } from '@rodpo/metrics';
import fc from 'fast-check';
import { expect, test } from 'vitest';

test('best first, ties to the lower index, excluded items left out', () => {
  //              item:  0    1    2    3    4
  const scores = [0.9, 0.1, 0.8, 0.7, 0.8];

  expect(topRanked(scores, 3)).toEqual(Int32Array.of(0, 2, 4));
  expect(topRanked(scores, 3, { excluded: [0, 2, 0] })).toEqual(Int32Array.of(4, 3, 1));
  expect(topRanked(Float32Array.from(scores), 1)).toEqual(Int32Array.of(0));
});

test('gives as many as there are', () => {
  expect(topRanked([1, 2], 5)).toEqual(Int32Array.of(1, 0));
  expect(topRanked([1, 2], 5, { excluded: [0, 1] })).toEqual(new Int32Array(0));
  expect(topRanked([], 1)).toEqual(new Int32Array(0));
});

test('agrees with sorting the items that are left', () => {
  const anyScore = fc.oneof(
    fc.constantFrom(0, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
    fc.integer({ min: -4, max: 4 }),
  );
  const anyScores = fc.array(anyScore, { minLength: 1, maxLength: 40 });

  fc.assert(
    fc.property(anyScores, fc.integer({ min: 1, max: 45 }), fc.nat(5), (scores, count, step) => {
      const excluded = [...scores.keys()].filter((item) => step > 1 && item % step === 0);
      const sorted = [...scores.keys()]
        .filter((item) => !excluded.includes(item))
        .sort((a, b) => (scores[a] === scores[b] ? a - b : scores[a]! > scores[b]! ? -1 : 1));

      expect([...topRanked(scores, count, { excluded })]).toEqual(sorted.slice(0, count));
    }),
    { numRuns: 1000 },
  );
});

test('refuses a NaN score unless its item is excluded, wherever it is', () => {
  for (const item of [0, 3, 7]) {
    const scores = [7, 6, 5, 4, 3, 2, 1, 0];
    scores[item] = Number.NaN;

    expect(topRanked(scores, 2, { excluded: [item] })).toHaveLength(2);
    expect(() => topRanked(scores, 2)).toThrow(
      new RangeError(
        `expected a score for item ${item}, got NaN. Look for a diverged model before ranking.`,
      ),
    );
  }
});

test('rejects a count that is not one, and an excluded item that is none', () => {
  for (const count of [0, -1, 1.5, Number.NaN]) {
    expect(() => topRanked([1], count)).toThrow(
      new RangeError(`count must be a positive integer, got ${count}. Ask for an item or more.`),
    );
  }
  expect(() => topRanked([1], 1, { excluded: [1] })).toThrow('excluded item must be an integer');
});

import { auc, ranksOf } from '@rodpo/metrics';
import fc from 'fast-check';
import { expect, test } from 'vitest';

test.each([
  { ranks: 1, itemCount: 5, expected: 1 },
  { ranks: 2, itemCount: 5, expected: 3 / 4 }, // above three of the four others
  { ranks: 5, itemCount: 5, expected: 0 },
  { ranks: 1.5, itemCount: 5, expected: 3.5 / 4 }, // a tied pair is half right
  { ranks: [1, 2], itemCount: 4, expected: 1 },
  { ranks: [4, 3], itemCount: 4, expected: 0 },
  { ranks: [1, 4], itemCount: 4, expected: 2 / 4 }, // rank 1 is above both, rank 4 above none
  { ranks: [2.5, 2.5, 2.5], itemCount: 4, expected: 1 / 2 }, // all tied
])('ranks $ranks among $itemCount', ({ ranks, itemCount, expected }) => {
  expect(auc(ranks, itemCount)).toBe(expected);
});

test('is the share of pairs in the right order, ties half', () => {
  const anyScores = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 2, maxLength: 20 });

  fc.assert(
    fc.property(anyScores, fc.integer({ min: 1, max: 19 }), (scores, count) => {
      fc.pre(count < scores.length);
      const relevant = [...scores.keys()].slice(0, count);
      const others = scores.slice(count);
      const right = relevant
        .flatMap((item) => others.map((score) => (Math.sign(scores[item]! - score) + 1) / 2))
        .reduce((sum, own) => sum + own);

      const ranks = ranksOf(scores, relevant, { ties: 'average' });
      expect(auc(ranks, scores.length)).toBeCloseTo(right / (count * others.length), 14);
    }),
  );
});

test('is NaN without a pair: nothing relevant, or nothing else', () => {
  expect(auc([], 5)).toBeNaN();
  expect(auc([2, 1], 2)).toBeNaN();
  expect(auc(1, 1)).toBeNaN();
});

test('rejects ranks beyond the ranking, and rankings shorter than the ranks', () => {
  for (const rank of [6, Number.POSITIVE_INFINITY]) {
    const error = new RangeError(
      `rank must be at most itemCount, 5, got ${rank}. ` +
        'AUC needs the place of every relevant item in the whole ranking, not in a cut-off list.',
    );
    expect(() => auc(rank, 5)).toThrow(error);
    expect(() => auc([1, rank], 5)).toThrow(error);
  }
  expect(() => auc([1, 0], 5)).toThrow('rank must be at least 1, got 0');
  for (const itemCount of [1, 2.5, Number.NaN]) {
    expect(() => auc([1, 2], itemCount)).toThrow(
      new RangeError(
        `itemCount must be an integer of at least the 2 ranks, got ${itemCount}. ` +
          'Count every ranked item, the relevant ones included.',
      ),
    );
  }
});

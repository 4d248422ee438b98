import { ranksInList, ranksOf, topRanked } from '@rodpo/metrics';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const infinite = Number.POSITIVE_INFINITY;

test('1-based places in the order of the relevant items, Infinity where absent', () => {
  expect(ranksInList([7, 3, 9], [9, 4, 7])).toEqual(Float64Array.of(3, infinite, 1));
  expect(ranksInList(['b', 'a'], ['a', 'c'])).toEqual(Float64Array.of(2, infinite));
  expect(ranksInList(Int32Array.of(5, 6), Int32Array.of(6))).toEqual(Float64Array.of(2));
});

test('a repeat keeps its first place and takes one of its own', () => {
  expect(ranksInList([4, 4, 5], [5, 4])).toEqual(Float64Array.of(3, 1));
});

test('nothing listed, nothing relevant', () => {
  expect(ranksInList([], [1])).toEqual(Float64Array.of(infinite));
  expect(ranksInList([1], [])).toEqual(new Float64Array(0));
});

test('agrees with the ranks by scores, as far as the list goes', () => {
  const anyScores = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 15 });

  fc.assert(
    fc.property(anyScores, fc.integer({ min: 1, max: 15 }), (scores, count) => {
      const relevant = [...scores.keys()].filter((item) => item % 3 === 0);
      const byScores = ranksOf(scores, relevant, { ties: 'id' });

      expect(ranksInList(topRanked(scores, count), relevant)).toEqual(
        byScores.map((rank) => (rank <= count ? rank : infinite)),
      );
    }),
  );
});

test('rejects an item that is relevant twice', () => {
  expect(() => ranksInList(['a'], ['b', 'b'])).toThrow(
    new RangeError('relevant item b is listed twice. List every item once.'),
  );
});

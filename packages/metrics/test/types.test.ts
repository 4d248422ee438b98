import { type AdjustedComparison, compareAll, ranksInList } from '@rodpo/metrics';
import { seededRandom } from '@rodpo/random';
import { expect, expectTypeOf, test } from 'vitest';

// What is tested is the types, by the type-check; that it also runs shows that they tell the truth.

test('every candidate that went in comes out by its name', () => {
  const compared = compareAll(
    [0, 1, 0, 1],
    { hard: [1, 1, 0, 1], stochastic: [1, 1, 1, 1] },
    { random: seededRandom(1) },
  );

  expectTypeOf(compared).toEqualTypeOf<Record<'hard' | 'stochastic', AdjustedComparison>>();
  // @ts-expect-error: nobody compared that one
  expect(compared.uniform).toBeUndefined();
});

test('a list and what is relevant hold one kind of item', () => {
  const ranks = ranksInList(['a', 'b'], ['b']);

  expectTypeOf(ranks).toEqualTypeOf<Float64Array>();
  // @ts-expect-error: numbers are nowhere in a list of texts
  const none = ranksInList<string>(['a'], [1]);
  expect([...ranks, none.length]).toEqual([2, 1]);
});

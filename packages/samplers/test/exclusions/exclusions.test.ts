import {
  excludeChosen,
  excludeHistory,
  excludeNothing,
  type ItemLists,
  itemLists,
  mergeExclusions,
} from '@rodpo/samplers';
import fc from 'fast-check';
import { expect, test } from 'vitest';

/** The opposite of `itemLists`. */
const listsIn = ({ offsets, items }: ItemLists) =>
  Array.from({ length: offsets.length - 1 }, (_, row) => [
    ...items.subarray(offsets[row], offsets[row + 1]),
  ]);

const anyLists = fc.array(fc.array(fc.integer({ min: -2, max: 9 }), { maxLength: 4 }), {
  maxLength: 5,
});

test('puts lists of any lengths end to end', () => {
  expect(itemLists([[3, 1], [], Int32Array.of(4, -1, 4)])).toEqual({
    offsets: Int32Array.of(0, 2, 2, 5),
    items: Int32Array.of(3, 1, 4, -1, 4),
  });
});

test('excludes nothing, or the chosen item of each row', () => {
  expect(listsIn(excludeNothing(3))).toEqual([[], [], []]);
  expect(listsIn(excludeChosen(Int32Array.of(5, 2)))).toEqual([[5], [2]]);
});

test('excludes a history, and the chosen items beside it', () => {
  const histories = [[1, 2], []];

  expect(listsIn(excludeHistory(histories))).toEqual([[1, 2], []]);
  expect(listsIn(excludeHistory(histories, Int32Array.of(7, 8)))).toEqual([[1, 2, 7], [8]]);
  expect(excludeHistory(itemLists(histories))).toEqual(itemLists(histories));
});

test('keeps no hold of the chosen items', () => {
  const chosen = Int32Array.of(5);
  const excluded = excludeChosen(chosen);
  chosen[0] = 6;

  expect(listsIn(excluded)).toEqual([[5]]);
});

test('lists come back as they went in', () => {
  fc.assert(
    fc.property(anyLists, (lists) => {
      expect(listsIn(itemLists(lists))).toEqual(lists);
    }),
  );
});

test('merging joins the lists of each row', () => {
  const anyPairs = fc.array(fc.tuple(fc.array(fc.nat(9)), fc.array(fc.nat(9))), { maxLength: 5 });
  fc.assert(
    fc.property(anyPairs, (pairs) => {
      const merged = mergeExclusions(
        itemLists(pairs.map(([a]) => a)),
        itemLists(pairs.map(([, b]) => b)),
      );

      expect(listsIn(merged)).toEqual(pairs.map(([a, b]) => [...a, ...b]));
    }),
  );
});

test.each([-1, 1.5, Number.NaN])('rejects rowCount %d', (rowCount) => {
  expect(() => excludeNothing(rowCount)).toThrow(
    new RangeError(`rowCount must be an integer from 0, got ${rowCount}`),
  );
});

test.each([1.5, Number.NaN, 2 ** 31])('rejects item %d', (item) => {
  expect(() => itemLists([[0], [1, item]])).toThrow(
    new RangeError(`items must be 32-bit integers, got ${item} in row 1`),
  );
});

test('rejects lists of another number of rows', () => {
  expect(() => mergeExclusions(excludeNothing(2), excludeNothing(3))).toThrow(
    new RangeError('b.offsets must have 3 elements, one more than rows, got 4'),
  );
  expect(() => excludeHistory([[1]], Int32Array.of(1, 2))).toThrow(RangeError);
});

test.each([
  [Int32Array.of(1, 2), Int32Array.of(3, 4), 'histories.offsets must ascend from 0, got 1'],
  [Int32Array.of(0, 2, 1), Int32Array.of(3), 'histories.offsets must ascend from 0, got 1'],
  [
    Int32Array.of(0, 2),
    Int32Array.of(3),
    'histories.items must have 2 elements, as its last offset says, got 1',
  ],
])('rejects offsets %j of items %j', (offsets, items, message) => {
  expect(() => excludeHistory({ offsets, items })).toThrow(new RangeError(message));
});

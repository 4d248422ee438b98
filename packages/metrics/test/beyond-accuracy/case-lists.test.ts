import {
  addExposure,
  averagePopularity,
  exposureCounts,
  falseNegativeRate,
  serendipity,
} from '@rodpo/metrics';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyLists, flat, ragged } from './lists.ts';

test('an item counts once for every time it is shown', () => {
  const lists = [
    [0, 2],
    [2, 3],
    [2, 2],
  ];

  expect(exposureCounts(lists, 5)).toEqual(Float64Array.of(1, 0, 4, 1, 0));
  expect(exposureCounts([], 2)).toEqual(Float64Array.of(0, 0));
});

test('every form of the same lists says the same', () => {
  fc.assert(
    fc.property(anyLists, ({ itemCount, lists }) => {
      function* stream() {
        yield* lists;
      }
      const counts = exposureCounts(lists, itemCount);
      const popularity = averagePopularity(lists, counts);

      for (const form of [flat(lists, 6), flat(lists, 9), ragged(lists)]) {
        expect(exposureCounts(form, itemCount)).toEqual(counts);
        expect(averagePopularity(form, counts)).toEqual(popularity);
      }
      expect(exposureCounts(stream(), itemCount)).toEqual(counts);
      expect(averagePopularity(stream(), counts)).toEqual(popularity);
    }),
  );
});

test('chunks add up to the whole, in place', () => {
  fc.assert(
    fc.property(anyLists, fc.nat(8), ({ itemCount, lists }, cut) => {
      const counts = new Float64Array(itemCount);
      addExposure(counts, lists.slice(0, cut));
      addExposure(counts, flat(lists.slice(cut), 6));

      expect(counts).toEqual(exposureCounts(lists, itemCount));
    }),
  );
});

test('a list ends before its first −1', () => {
  expect(exposureCounts({ items: Int32Array.of(1, -1, 0, 0, 1, -1), cutoff: 3 }, 2)).toEqual(
    Float64Array.of(1, 2),
  );
  expect(exposureCounts([[1, -1, 0], [-1]], 2)).toEqual(Float64Array.of(0, 1));
});

test('a case without items keeps its place', () => {
  expect(averagePopularity([[], [1], [-1, 1]], [5, 7])).toEqual(
    Float64Array.of(Number.NaN, 7, Number.NaN),
  );
  expect(averagePopularity(ragged([[], [1], []]), [5, 7])).toEqual(
    Float64Array.of(Number.NaN, 7, Number.NaN),
  );
});

test.each([2, -2, 0.5, Number.NaN])('rejects item %d of 2', (item) => {
  const message = `item must be an integer from 0 to 1, got ${item}. Items are 0-based indices.`;

  expect(() => exposureCounts([[item]], 2)).toThrow(new RangeError(message));
  expect(() => averagePopularity([[item]], [1, 1])).toThrow(new RangeError(message));
});

test('rejects flat lists that are not whole', () => {
  const items = Int32Array.of(0, 1, 0);

  expect(() => exposureCounts({ items, cutoff: 2 }, 2)).toThrow(
    new RangeError(
      'expected items to hold whole rows of 2, got 3 values. ' +
        'Fill up short rows, and check the row length.',
    ),
  );
  for (const cutoff of [0, -1, 1.5, Number.NaN]) {
    expect(() => exposureCounts({ items, cutoff }, 2)).toThrow(
      `expected a positive integer as the row length of items, got ${cutoff}`,
    );
  }
});

test.each([
  [[], 'expected an offset more than'],
  [[0, 2, 1], 'that ascend up to 2, got 1 after 2 at place 2'],
  [[0, 1, 3], 'that ascend up to 2, got 3 after 1 at place 2'],
  [[-1, 1], 'that ascend up to 2, got -1 after 0 at place 0'],
])('rejects rows at %j of two items', (offsets, message) => {
  const rows = { offsets: Int32Array.from(offsets), items: Int32Array.of(0, 1) };
  const rowCount = Math.max(0, offsets.length - 1);
  const drawn = new Int32Array(rowCount);
  const lists = Array.from({ length: rowCount }, () => [0]);

  expect(() => exposureCounts(rows, 2)).toThrow(message);
  expect(() => serendipity(lists, rows, () => false)).toThrow(message);
  expect(() => falseNegativeRate(drawn, 1, rows)).toThrow(message);
});

test('rows may be some of a longer array', () => {
  const items = Int32Array.of(0, 1, 1, 0);

  expect(exposureCounts({ offsets: Int32Array.of(1, 1, 3), items }, 2)).toEqual(
    Float64Array.of(0, 2),
  );
});

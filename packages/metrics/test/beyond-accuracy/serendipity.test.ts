import { caseMean, serendipity } from '@rodpo/metrics';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyLists, ragged } from './lists.ts';

const popular = new Set([0, 1]);
const isPopular = (_: number, item: number) => popular.has(item);

test('is the share of a list that is relevant and not expected', () => {
  const lists = [[0, 2, 3, 4], [2, 5], [], [0]];
  const relevant = ragged([[0, 2, 3, 9], [6], [1], [0]]);

  // 2 and 3 of four | none | no list | 0 is expected.
  const values = serendipity(lists, relevant, isPopular);
  expect(values).toEqual(Float64Array.of(0.5, 0, Number.NaN, 0));
  expect(caseMean(values).mean).toBeCloseTo(0.5 / 3, 15);
});

test('what is expected can differ from case to case', () => {
  const everything = () => true;

  expect(
    serendipity(
      [
        [0, 1],
        [0, 1],
      ],
      everything,
      ragged([[0], [0, 1]]),
    ),
  ).toEqual(Float64Array.of(0.5, 0));
});

test('lists and tests of the same sets agree; it is precision where nothing is expected', () => {
  fc.assert(
    fc.property(anyLists, fc.nat(5), ({ lists, itemCount }, turn) => {
      const other = lists.map((_, row) => lists[(row + turn) % lists.length]!);
      const expected = lists.map((_, row) => [row % itemCount]);
      const values = serendipity(lists, ragged(other), ragged(expected));
      const precision = serendipity(lists, ragged(other), () => false);

      const has = (sets: number[][]) => (row: number, item: number) => sets[row]!.includes(item);
      expect(serendipity(lists, has(other), has(expected))).toEqual(values);
      lists.forEach((list, row) => {
        const found = list.filter((item) => other[row]!.includes(item));
        const surprising = found.filter((item) => item !== row % itemCount);
        expect(precision[row]).toBe(found.length / list.length);
        expect(values[row]).toBe(surprising.length / list.length);
      });
    }),
  );
});

test('rejects sets for another number of cases', () => {
  const two = [[0], [1]];
  const message = (name: string, rows: number) =>
    new RangeError(
      `expected ${name} to have 2 rows, got ${rows}. Pass one list per row, in the same order; ` +
        'an empty one where there is nothing.',
    );

  expect(() => serendipity(two, ragged([[0]]), isPopular)).toThrow(message('relevant', 1));
  expect(() => serendipity(two, () => true, ragged([[], [], []]))).toThrow(message('expected', 3));
});

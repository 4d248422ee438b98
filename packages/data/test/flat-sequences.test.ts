import { FlatSequences, flatSequences } from '@rodpo/data';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const lists = fc.array(
  fc.array(fc.nat(99), { maxLength: 6 }).map((values) => Int32Array.from(values)),
  { maxLength: 8 },
);

test('one array of all is read as an array of arrays is', () => {
  fc.assert(
    fc.property(lists, fc.integer({ min: -10, max: 10 }), (arrays, index) => {
      const flat = flatSequences(arrays);

      expect(flat.length).toBe(arrays.length);
      expect(flat.at(index)).toEqual(arrays.at(index));
      expect([...flat]).toEqual(arrays);
      expect([...flat.entries()]).toEqual([...arrays.entries()]);
      expect([...flat.lengths()]).toEqual(arrays.map(({ length }) => length));
      expect(flat.total()).toBe(arrays.flatMap((own) => [...own]).length);
      expect([...flat.packed()]).toEqual(arrays.flatMap((own) => [...own]));
    }),
  );
});

test('what is flat already is not copied', () => {
  const flat = FlatSequences.ofLengths(Float64Array.of(1, 2, 3), [2, 1]);

  expect(flatSequences(flat, Float64Array)).toBe(flat);
  expect(flat.at(1)!.buffer).toBe(flat.values.buffer);
  expect(flat.packed()).toBe(flat.values);
});

test('parts of sequences, and sequences in another order, are packed by a copy', () => {
  const values = Int32Array.of(1, 2, 3, 4, 5);
  const begins = new FlatSequences(values, Float64Array.of(0, 3), Float64Array.of(2, 4));
  const turned = new FlatSequences(values, Float64Array.of(3, 0), Float64Array.of(5, 3));
  const lastLeftOut = new FlatSequences(values, Float64Array.of(0), Float64Array.of(4));

  expect(begins.packed()).toEqual(Int32Array.of(1, 2, 4));
  expect(turned.packed()).toEqual(Int32Array.of(4, 5, 1, 2, 3));
  expect(lastLeftOut.packed()).toEqual(Int32Array.of(1, 2, 3, 4));
});

test('no sequences have the kind that is asked for', () => {
  expect(flatSequences([]).values).toBeInstanceOf(Int32Array);
  expect(flatSequences([], Float64Array).values).toBeInstanceOf(Float64Array);
});

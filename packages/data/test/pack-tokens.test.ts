import { packRows, packTokens, paddingShare } from '@rodpo/data';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const pack = (sequences: readonly ArrayLike<number>[], rowLength: number, rowsPerBatch: number) => [
  ...packRows(
    sequences.map((own) => own.length),
    { rowLength, rowsPerBatch },
  ),
];

test('lays values out as the sequences were placed', () => {
  const items = [Int32Array.of(7, 8), Int32Array.of(1, 2, 3)];
  const [batch] = pack(items, 4, 2);

  expect(packTokens(batch!, (sequence) => items[sequence]!)).toEqual(
    Int32Array.of(1, 2, 3, 0, 7, 8, 0, 0),
  );
  expect(packTokens(batch!, (sequence) => items[sequence]!, -1)).toEqual(
    Int32Array.of(1, 2, 3, -1, 7, 8, -1, -1),
  );
});

test('uses the first entries of longer values', () => {
  const [batch] = packRows([2], { rowLength: 3, rowsPerBatch: 1 });

  expect(packTokens(batch!, () => [5, 6, 7])).toEqual(Int32Array.of(5, 6, 0));
});

test('every sequence can be read back from its placement', () => {
  const sequence = fc.array(fc.integer({ min: 1, max: 99 }), { maxLength: 8 });

  fc.assert(
    fc.property(fc.array(sequence, { maxLength: 20 }), (sequences) => {
      for (const batch of pack(sequences, 8, 2)) {
        const packed = packTokens(batch, (index) => sequences[index]!);
        for (const { sequence: index, row, offset, length } of batch.placements) {
          const start = row * 8 + offset;
          expect([...packed.subarray(start, start + length)]).toEqual(sequences[index]);
        }
        expect([...packed].map((value) => value > 0)).toEqual(
          [...batch.segments].map((segment) => segment > 0),
        );
      }
    }),
  );
});

test('rejects values shorter than their place', () => {
  const [batch] = packRows([3], { rowLength: 4, rowsPerBatch: 1 });

  expect(() => packTokens(batch!, () => [1, 2])).toThrow(
    new RangeError(
      'values(0) must have at least 3 entries, got 2. Pack with the lengths of these values.',
    ),
  );
});

test('padding share counts the cells of all batches', () => {
  // 3 of 4 cells, then 2 of 4: 3 of 8 are padding.
  expect(paddingShare(packRows([3, 2], { rowLength: 4, rowsPerBatch: 1 }))).toBe(0.375);
  expect(paddingShare([])).toBeNaN();
});

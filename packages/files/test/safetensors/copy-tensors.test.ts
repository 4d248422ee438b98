import { expect, test } from 'vitest';
import { copyTensors, type NamedArrays } from '../../src/index.ts';

const saved: NamedArrays = {
  rows: { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
  count: { shape: [], data: Int32Array.of(7) },
};

test('copies have arrays of their own, or those that are given', () => {
  const data = new Float32Array(new SharedArrayBuffer(16));
  const copies = copyTensors(saved, { into: { rows: { shape: [2, 2], data } } });

  expect(copies).toEqual(saved);
  expect(copies.rows!.data).toBe(data);
  copies.count!.data[0] = 8;
  expect(saved.count!.data[0]).toBe(7);
});

test.each<[string, NamedArrays, string]>([
  [
    'another shape',
    { rows: { shape: [4], data: new Float32Array(4) } },
    "Tensor 'rows' is Float32Array of shape [2,2]: it does not fit into Float32Array of shape [4].",
  ],
  [
    'another type',
    { count: { shape: [], data: new Float32Array(1) } },
    "Tensor 'count' is Int32Array of shape []: it does not fit into Float32Array of shape [].",
  ],
  [
    'a name that is not there',
    { row: { shape: [2, 2], data: new Float32Array(4) } },
    "There is no tensor 'row' to read into an array.",
  ],
])('%s is refused, and nothing is copied', (_, wrong, message) => {
  const rows = { shape: [2, 2], data: new Float32Array(4) };

  expect(() => copyTensors(saved, { into: { rows, ...wrong } })).toThrow(message);
  expect([...rows.data]).toEqual([0, 0, 0, 0]);
});

test('a tensor whose numbers are too few or too many is refused, as a file would', () => {
  for (const numbers of [
    [1, 2],
    [1, 2, 3, 4],
  ]) {
    const tensors = { row: { shape: [3], data: Float32Array.from(numbers) } };

    expect(() => copyTensors(tensors)).toThrow(
      `Tensor 'row' of shape [3] must hold 3 values, got ${numbers.length}`,
    );
  }
});

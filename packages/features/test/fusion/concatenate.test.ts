import { concatenate, type ItemVectors, normalizeRows } from '@rodpo/features';
import { expectAllClose } from '@rodpo/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyVectors, itemVectors } from './any-vectors.ts';

const image = itemVectors([[3, 4], null, [0, 2], null]);
const text = itemVectors([[2], [-5], null, null]);

test('joins unit blocks so that an item with all parts has length 1', () => {
  const fused = concatenate([image, text]);

  const half = Math.sqrt(1 / 2); // two parts of weight 1/2 each
  expect(fused.dimension).toBe(3);
  expectAllClose(fused.vectors, [0.6 * half, 0.8 * half, half, 0, 0, -half, 0, half, 0, 0, 0, 0]);
  expect([...fused.present]).toEqual([1, 1, 1, 0]);
  expect([...fused.modalities]).toEqual([1, 1, 0, 1, 1, 0, 0, 0]);
});

test('an item needs every part if all are required, and the mask still tells what it has', () => {
  const fused = concatenate([image, text], { requireAll: true });

  expect([...fused.present]).toEqual([1, 0, 0, 0]);
  expect([...fused.vectors.subarray(3)]).toEqual(Array(9).fill(0));
  expect([...fused.modalities]).toEqual([1, 1, 0, 1, 1, 0, 0, 0]);
});

test('copies the values if nothing is normalised and all weights are 1', () => {
  const fused = concatenate([image, text], { normalize: false, weights: [1, 1] });

  expect([...fused.vectors]).toEqual([3, 4, 2, 0, 0, -5, 0, 2, 0, 0, 0, 0]);
});

test('weights are those of the parts in a dot product', () => {
  const cosine = (part: ItemVectors) => dot(normalizeRows(part), 0, 1);
  const left = itemVectors([
    [1, 2],
    [3, -1],
  ]); // cosine 1 / √50
  const right = itemVectors([
    [1, 1, 0],
    [0, 1, 1],
  ]); // cosine 1 / 2

  const fused = concatenate([left, right], { weights: [0.3, 0.9] });

  expectAllClose([cosine(left), cosine(right)], [1 / Math.sqrt(50), 1 / 2]);
  expectAllClose([dot(fused, 0, 1)], [0.3 / Math.sqrt(50) + 0.9 / 2]);
});

test('has the dimensions, masks and squared lengths that its formula says', () => {
  const weight = fc.integer({ min: 1, max: 9 });
  const parts = fc.array(fc.tuple(anyVectors(4), weight), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(parts, fc.boolean(), fc.boolean(), (pairs, normalize, requireAll) => {
      const sources = pairs.map(([part]) => part);
      const weights = pairs.map(([, value]) => value / 4);
      const fused = concatenate(sources, { normalize, requireAll, weights });

      expect(fused.dimension).toBe(sources.reduce((sum, part) => sum + part.dimension, 0));
      expect(fused.vectors).toHaveLength(4 * fused.dimension);
      for (let row = 0; row < 4; row++) {
        const has = sources.map((part) => part.present[row]!);
        expect([...fused.modalities.subarray(row * has.length, (row + 1) * has.length)]).toEqual(
          has,
        );
        const isPresent = requireAll ? !has.includes(0) : has.includes(1);
        expect(fused.present[row]).toBe(isPresent ? 1 : 0);

        const squares = sources.map((part) => (normalize ? 1 : dot(part, row, row)));
        const length = has.reduce((sum, there, p) => sum + there * weights[p]! * squares[p]!, 0);
        expectAllClose([dot(fused, row, row)], [isPresent ? length : 0]);
      }
    }),
  );
});

test.each<[string, () => unknown, RegExp]>([
  ['no parts', () => concatenate([]), /at least one part/],
  ['other items', () => concatenate([image, itemVectors([[1]])]), /part 0 has 4, part 1 has 1/],
  ['too few weights', () => concatenate([image, text], { weights: [1] }), /Expected 2 weights/],
  [
    'a weight of 0',
    () => concatenate([image, text], { weights: [1, 0] }),
    /positive, got \[1, 0\]/,
  ],
  ['a weight NaN', () => concatenate([text], { weights: [Number.NaN] }), /must be positive/],
  ['a zero row', () => concatenate([text, itemVectors([[1], [0], [1], [1]])]), /part 1: row 1 is/],
  [
    'arrays that do not fit',
    () => concatenate([{ ...image, dimension: 3 }]),
    /part 0: 4 items of dimension 3 need 12/,
  ],
])('refuses %s', (_, act, message) => {
  expect(act).toThrow(RangeError);
  expect(act).toThrow(message);
});

test('a row of zeros is allowed where nothing is normalised', () => {
  const fused = concatenate(
    [
      itemVectors([
        [0, 0],
        [1, 2],
      ]),
    ],
    { normalize: false },
  );

  expect([...fused.vectors]).toEqual([0, 0, 1, 2]);
  expect([...fused.modalities]).toEqual([1, 1]);
});

function dot({ vectors, dimension }: ItemVectors, left: number, right: number): number {
  let sum = 0;
  for (let axis = 0; axis < dimension; axis++) {
    sum += vectors[left * dimension + axis]! * vectors[right * dimension + axis]!;
  }
  return sum;
}

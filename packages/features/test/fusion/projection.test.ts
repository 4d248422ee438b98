import { fitWhitening, type ItemVectors, type ProjectionData, projection } from '@rodpo/features';
import { expectAllClose } from '@rodpo/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { correlatedVectors, itemVectors } from './any-vectors.ts';

const data: ProjectionData = {
  method: 'pca',
  inputDimension: 2,
  dimension: 3,
  mean: [1, -1],
  components: [1, 0, 0, 2, 1, 1],
  explainedVariance: [3, 2, 1],
  totalVariance: 6,
  rowCount: 10,
};

test('subtracts the mean, multiplies, and leaves absent items absent', () => {
  const mapped = projection(data).apply(itemVectors([[3, 4], null, [1, -1]]));

  // (3, 4) − (1, −1) = (2, 5) → 2, 2·5, 2 + 5
  expect(mapped.dimension).toBe(3);
  expect([...mapped.vectors]).toEqual([2, 10, 7, 0, 0, 0, 0, 0, 0]);
  expect([...mapped.present]).toEqual([1, 0, 1]);
});

test('goes through JSON and structured clones without losing a bit', () => {
  const vectors = correlatedVectors(40, 6, 1);
  const fitted = fitWhitening(vectors, { dimension: 4 });

  const read = projection(JSON.parse(JSON.stringify(fitted)));
  const cloned = projection(structuredClone(fitted.toJSON()));

  expect(read.toJSON()).toEqual(fitted.toJSON());
  expect(read.components).toEqual(fitted.components);
  expect(read.apply(vectors)).toEqual(fitted.apply(vectors));
  expect(cloned.apply(vectors)).toEqual(fitted.apply(vectors));
});

test('does not see later changes of the data it was made from', () => {
  const components = [1, 0, 0, 2, 1, 1];
  const map = projection({ ...data, components });
  components[0] = 99;

  expect(map.components[0]).toBe(1);
});

test('maps its mean to zero', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.nat(99), (dimension, seed) => {
      const fitted = fitWhitening(correlatedVectors(20, dimension, seed));
      // Vectors are of float32, and so must the mean be to be among them.
      const mean = Float32Array.from(fitted.mean);
      const { vectors } = projection({ ...fitted, mean }).apply(itemVectors([[...mean]]));
      expect([...vectors]).toEqual(Array(dimension).fill(0));
    }),
    { numRuns: 30 },
  );
});

test('is linear about the mean', () => {
  const fitted = fitWhitening(correlatedVectors(30, 5, 2), { dimension: 3 });
  const value = fc.integer({ min: -64, max: 64 }).map((number) => number / 8);
  const vector = fc.array(value, { minLength: 5, maxLength: 5 });
  fc.assert(
    fc.property(vector, vector, value, (x, y, share) => {
      const mixed = x.map((entry, axis) => share * entry + (1 - share) * y[axis]!);
      const [left, right, middle] = threeRows(fitted.apply(itemVectors([x, y, mixed])));
      const expected = left!.map((entry, axis) => share * entry + (1 - share) * right![axis]!);
      expectAllClose(middle!, expected, { relative: 1e-4, absolute: 1e-3 });
    }),
  );
});

test('maps an item to the same bits whoever is beside it', () => {
  const vectors = correlatedVectors(11, 5, 3);
  const fitted = fitWhitening(vectors);
  const all = fitted.apply(vectors).vectors;
  for (let row = 0; row < 11; row++) {
    const alone = itemVectors([[...vectors.vectors.subarray(row * 5, (row + 1) * 5)]]);
    expect(fitted.apply(alone).vectors).toEqual(all.slice(row * 5, (row + 1) * 5));
  }
});

test.each<[string, () => unknown, RegExp]>([
  ['vectors of another dimension', () => projection(data).apply(itemVectors([[1]])), /2, got 1/],
  [
    'NaN',
    () =>
      projection(data).apply(
        itemVectors([
          [1, 1],
          [Number.NaN, 1],
        ]),
      ),
    /row 1 is not finite/,
  ],
  ['a short mean', () => projection({ ...data, mean: [1] }), /mean must hold 2 values, got 1/],
  ['short components', () => projection({ ...data, dimension: 4 }), /components must hold 8/],
  ['no variances', () => projection({ ...data, explainedVariance: [] }), /explainedVariance must/],
  ['an infinite mean', () => projection({ ...data, mean: [1, Infinity] }), /mean must hold finite/],
])('refuses %s', (_, act, message) => {
  expect(act).toThrow(RangeError);
  expect(act).toThrow(message);
});

function threeRows({ vectors, dimension }: ItemVectors): number[][] {
  return [0, 1, 2].map((row) => [...vectors.subarray(row * dimension, (row + 1) * dimension)]);
}

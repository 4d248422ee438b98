import { similarItems } from '@rodpo/samplers';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listsOf } from '../any-batch.ts';

test('lists the items whose vectors point nearly the same way', () => {
  const vectors = Float32Array.of(...[3, 4], ...[6, 8], ...[0, 0], ...[4, 3], ...[-3, -4]);

  // Cosines: 1 between 0 and 1; (12 + 12) / 25 = 0.96 with item 3; −1 and −0.96 with item 4.
  expect(similarItems(vectors, 2, { threshold: 1 })).toEqual(listsOf([[1], [0], [], [], []]));
  expect(similarItems(vectors, 2, { threshold: 0.95 })).toEqual(
    listsOf([[1, 3], [0, 3], [], [0, 1], []]),
  );
  expect(similarItems(vectors, 2, { threshold: -0.97 })).toEqual(
    listsOf([[1, 3], [0, 3], [], [0, 1, 4], [3]]),
  );
});

test('agrees with comparing all pairs, whatever the blocks', () => {
  const anyVector = (dimension: number) =>
    fc.array(fc.integer({ min: -3, max: 3 }), { minLength: dimension, maxLength: dimension });
  fc.assert(
    fc.property(
      fc
        .integer({ min: 1, max: 5 })
        .chain((dimension) => fc.array(anyVector(dimension), { minLength: 1, maxLength: 150 })),
      (vectors) => {
        const norm = (vector: number[]) => Math.hypot(...vector);
        const cosine = (a: number[], b: number[]) =>
          a.reduce((sum, value, index) => sum + value * b[index]!, 0) / (norm(a) * norm(b));
        const expected = vectors.map((a, item) =>
          [...vectors.keys()].filter(
            (other) => other !== item && cosine(a, vectors[other]!) > 0.83,
          ),
        );

        // No cosine of such small whole numbers is within 1e-9 of 0.83.
        const flat = Float32Array.from(vectors.flat());
        const neighbours = similarItems(flat, vectors[0]!.length, { threshold: 0.83 });
        expect(neighbours).toEqual(listsOf(expected));
      },
    ),
    { numRuns: 50, examples: [[Array.from({ length: 200 }, (_, item) => [item % 7, item % 5])]] },
  );
});

test('a vector is as similar to its multiples as can be, whatever the rounding', () => {
  for (let dimension = 1; dimension < 100; dimension++) {
    const vector = Float32Array.from({ length: dimension }, (_, index) => Math.sin(index + 1));
    const vectors = Float32Array.of(...vector, ...vector.map((value) => 2 * value));

    expect(similarItems(vectors, dimension, { threshold: 1 })).toEqual(listsOf([[1], [0]]));
  }
});

test('rejects vectors that are none', () => {
  const vectors = Float32Array.of(1, 2, 3, Number.NaN);

  expect(() => similarItems(vectors, 3, { threshold: 0 })).toThrow(/^vectors must have 3 elements/);
  expect(() => similarItems(vectors, 2, { threshold: 0 })).toThrow(
    new RangeError('vectors must be finite, got NaN for item 1'),
  );
  expect(() => similarItems(vectors, 0, { threshold: 0 })).toThrow(/^dimension must be a positive/);
  expect(() => similarItems(vectors.fill(1), 2, { threshold: 1.1 })).toThrow(
    /^threshold must be from -1/,
  );
});

import { intraListDiversity } from '@rodpo/metrics';
import { gaussianRandom, seededRandom } from '@rodpo/random';
import { expectAllClose } from '@rodpo/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { beyond } from '../golden/beyond.ts';
import { anyLists } from './lists.ts';

//                      item:  0     1     2      3     4
const vectors = Float32Array.of(2, 0, 0, 3, -1, 0, 5, 5, 0, 0);

test('is the mean of 1 − cosine over pairs', () => {
  // 0 and 1 are at right angles, 0 and 2 opposite, 0 and 3 at 45°.
  const right = Math.SQRT1_2;
  const lists = [
    [0, 1],
    [0, 2],
    [0, 3],
    [0, 1, 2],
    [0, 1, 2, 3],
  ];

  expectAllClose(
    intraListDiversity(lists, vectors, 2),
    // Cosines: 0 | −1 | √½ | 0, −1, 0 | and √½, √½, −√½ with item 3.
    [1, 2, 1 - right, 4 / 3, (6 - (0 - 1 + 0 + right + right - right)) / 6],
    { relative: 1e-15, absolute: 1e-15 },
  );
});

test('agrees with the pairs of SciPy', () => {
  const { lists, dimension, values } = beyond.diversity;

  expectAllClose(
    intraListDiversity(lists, Float32Array.from(beyond.diversity.vectors), dimension),
    values,
    { relative: 0, absolute: 1e-14 },
  );
});

const random = gaussianRandom(seededRandom(3));
const cloud = Float32Array.from({ length: 12 * 3 }, random);

test('the order of a list and the lengths of vectors do not matter; it is from 0 to 2', () => {
  const scaled = cloud.map((value, index) => value * 2 ** (Math.floor(index / 3) - 5));

  fc.assert(
    fc.property(anyLists, ({ lists }) => {
      const ordered = lists.filter((list) => list.length > 1);
      const diversity = intraListDiversity(ordered, cloud, 3);
      const reversed = ordered.map((list) => [...list].reverse());

      const close = { relative: 0, absolute: 1e-14 };
      expectAllClose(intraListDiversity(reversed, cloud, 3), diversity, close);
      expectAllClose(intraListDiversity(ordered, scaled, 3), diversity, close);
      for (const value of diversity) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(2 + 1e-14);
      }
    }),
  );
});

test('vectors that all point one way have no diversity, however long the list', () => {
  const dimension = 5;
  const direction = [0.1, -0.7, 0.3, 2, 0.9];
  const same = Float32Array.from({ length: 500 * dimension }, (_, i) => direction[i % dimension]!);
  const everything = [Array.from({ length: 500 }, (_, item) => item)];

  expectAllClose(intraListDiversity(everything, same, dimension), [0], {
    relative: 0,
    absolute: 1e-13, // 500 additions of relative error 1.1e-16 each
  });
  expect(
    intraListDiversity(
      [
        [0, 1],
        [0, 0, 0],
      ],
      same,
      dimension,
    ).every((d) => d >= 0),
  ).toBe(true);
});

test('fewer than two items, or one without direction, have no answer', () => {
  expect(intraListDiversity([[], [0], [4], [0, 4], [0, 1, 4]], vectors, 2)).toEqual(
    new Float64Array(5).fill(Number.NaN),
  );
});

test('rejects what does not fit', () => {
  expect(() => intraListDiversity([[0, 5]], vectors, 2)).toThrow(
    'item must be an integer from 0 to 4, got 5',
  );
  expect(() => intraListDiversity([[0, 1]], vectors, 3)).toThrow(
    'expected vectors to hold whole rows of 3, got 10 values',
  );
  expect(() => intraListDiversity([[0, 1]], vectors, 0)).toThrow('row length of vectors, got 0');
});

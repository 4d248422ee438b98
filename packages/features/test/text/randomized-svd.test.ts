import { randomizedSvd, type SparseRows, sparseRows } from '@rodpo/features/text';
import { seededRandom } from '@rodpo/random';
import { expectAllClose } from '@rodpo/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type GoldenRow, golden, sparseVector } from './golden.ts';

const matrixOf = (rows: readonly GoldenRow[]) => sparseRows(rows.map(sparseVector));

/** `components` as one list for each right singular vector. */
const vectorsOf = (components: Float32Array, rank: number) =>
  Array.from({ length: rank }, (_, axis) => [...components].filter((_, at) => at % rank === axis));

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, at) => sum + value * b[at]!, 0);

test('finds the singular values and vectors of a matrix worked by hand', async () => {
  // [[3, 0, 0], [0, 0, −2]] has singular values 3 and 2, with right vectors e₁ and ±e₃.
  const matrix = matrixOf([
    { indices: [0], values: [3] },
    { indices: [2], values: [-2] },
  ]);

  const svd = await randomizedSvd(matrix, { columnCount: 3, rank: 2, random: seededRandom(1) });

  expectAllClose(svd.singularValues, [3, 2]);
  expectAllClose(svd.components, [1, 0, 0, 0, 0, 1]);
});

test.each(golden.svd)(
  'agrees with numpy.linalg.svd: $name',
  async ({ columnCount, rows, singularValues, components }) => {
    const rank = singularValues.length;
    const random = seededRandom(2);

    const svd = await randomizedSvd(matrixOf(rows), { columnCount, rank, random });

    expectAllClose(svd.singularValues, singularValues, { relative: 1e-5, absolute: 0 });
    const found = vectorsOf(svd.components, rank);
    // The cosine of the angle between each vector and its like: 1e-5 from 1 is 0.26 degrees.
    const cosines = found.map((vector, axis) => Math.abs(dot(vector, components[axis]!)));
    expectAllClose(cosines, new Array(rank).fill(1), { relative: 0, absolute: 1e-5 });
  },
);

test.each(golden.svd)('power iterations make up for no oversampling: $name', async (expected) => {
  const { columnCount, rows, singularValues } = expected;
  const settings = { columnCount, rank: singularValues.length, oversampling: 0 };
  const error = async (powerIterations: number) => {
    const options = { ...settings, powerIterations, random: seededRandom(3) };
    const found = await randomizedSvd(matrixOf(rows), options);
    return Math.max(
      ...found.singularValues.map((value, at) => Math.abs(value / singularValues[at]! - 1)),
    );
  };

  const [without, withMany] = [await error(0), await error(60)];

  expect(withMany).toBeLessThan(2e-3);
  if (expected.next > 1e-6) expect(withMany).toBeLessThan(without / 20);
});

test.each([{ powerIterations: 4 }, { powerIterations: 0, rank: 17, rowCount: 17 }])(
  'singular values over five orders of magnitude are found: %j',
  async ({ powerIterations, rank = 16, rowCount = 30 }) => {
    // Rows 10^(−r / 3) times the unit vector r: the singular values are those factors.
    const expected = Array.from({ length: rowCount }, (_, row) => Math.fround(10 ** (-row / 3)));
    const matrix = matrixOf(expected.map((value, row) => ({ indices: [row], values: [value] })));
    const options = { columnCount: 30, rank, oversampling: 5, random: seededRandom(9) };

    const svd = await randomizedSvd(matrix, { ...options, powerIterations });

    expectAllClose(svd.singularValues, expected.slice(0, rank), { relative: 1e-5, absolute: 0 });
  },
);

test('directions that the matrix does not have are zeros', async () => {
  const { columnCount, rows, singularValues } = golden.svd.find(({ name }) => /rank 4/.test(name))!;
  const random = seededRandom(4);

  const svd = await randomizedSvd(matrixOf(rows), { columnCount, rank: 7, random });

  expectAllClose(svd.singularValues.subarray(0, 4), singularValues, { relative: 1e-5 });
  expect([...svd.singularValues.subarray(4)]).toEqual([0, 0, 0]);
  for (const vector of vectorsOf(svd.components, 7).slice(4)) {
    expect(vector.every((value) => value === 0)).toBe(true);
  }
});

test('a matrix of zeros has singular values of zero', async () => {
  const matrix = matrixOf(new Array(3).fill({ indices: [], values: [] }));
  const svd = await randomizedSvd(matrix, { columnCount: 4, rank: 2, random: seededRandom(5) });

  expect([...svd.singularValues]).toEqual([0, 0]);
  expect([...svd.components]).toEqual(new Array(8).fill(0));
});

const anyMatrix = fc
  .record({
    columnCount: fc.integer({ min: 2, max: 30 }),
    rowCount: fc.integer({ min: 2, max: 40 }),
    density: fc.double({ min: 0.05, max: 0.9, noNaN: true }),
    seed: fc.nat(),
  })
  .map(({ columnCount, rowCount, density, seed }) => {
    const random = seededRandom(seed);
    const rows = Array.from({ length: rowCount }, () => {
      const indices = Array.from({ length: columnCount }, (_, column) => column);
      const kept = indices.filter(() => random() < density);
      return { indices: kept, values: kept.map(() => Math.fround(2 * random() - 1)) };
    });
    return { columnCount, rows, rank: Math.min(rowCount, columnCount) };
  });

test('vectors are orthonormal, values descend, and all of them rebuild the matrix', async () => {
  await fc.assert(
    fc.asyncProperty(anyMatrix, fc.nat(), async ({ columnCount, rows, rank }, seed) => {
      const random = seededRandom(seed);
      const svd = await randomizedSvd(matrixOf(rows), { columnCount, rank, random });
      const vectors = vectorsOf(svd.components, rank);
      const found = svd.singularValues.filter((value) => value > 0).length;

      vectors.forEach((vector, axis) => {
        const products = vectors.map((other) => dot(vector, other));
        const expected = vectors.map((_, other) => (axis === other && axis < found ? 1 : 0));
        expectAllClose(products, expected, { absolute: 1e-5 });
        const largest = vector.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
        expect(largest).toBeGreaterThanOrEqual(0);
      });
      expect([...svd.singularValues]).toEqual([...svd.singularValues].sort((a, b) => b - a));
      // ‖X‖² = Σ σ², and X · V · Vᵀ = X.
      const square = rows.flatMap(({ values }) => values).reduce((sum, x) => sum + x * x, 0);
      const values = [...svd.singularValues];
      expectAllClose([dot(values, values)], [square], { relative: 1e-5 });
      for (const { indices, values: entries } of rows) {
        const rebuilt = new Float64Array(columnCount);
        for (const vector of vectors) {
          const score = indices.reduce((sum, at, entry) => sum + entries[entry]! * vector[at]!, 0);
          vector.forEach((value, column) => {
            rebuilt[column]! += score * value;
          });
        }
        const row = new Float64Array(columnCount);
        indices.forEach((column, entry) => {
          row[column] = entries[entry]!;
        });
        expectAllClose(rebuilt, row, { absolute: 1e-5 });
      }
    }),
    { numRuns: 60 },
  );
});

test('how the rows are parted in blocks changes nothing', async () => {
  const { columnCount, rows } = golden.svd[0]!;
  const options = { columnCount, rank: 5 };
  const whole = await randomizedSvd(matrixOf(rows), { ...options, random: seededRandom(6) });
  const parts: SparseRows[] = [
    ...matrixOf(rows.slice(0, 1)),
    ...matrixOf(rows.slice(1, 40)),
    ...matrixOf(rows.slice(40)),
  ];

  const parted = await randomizedSvd(parts, { ...options, random: seededRandom(6) });

  expect(parted).toEqual(whole);
});

test('rows beyond a million entries go into further blocks', () => {
  const vector = {
    indices: Int32Array.from({ length: 400_000 }, (_, at) => at),
    values: new Float32Array(400_000).fill(0.5),
  };

  const blocks = sparseRows([vector, vector, vector, vector, vector]);

  expect(blocks.map(({ starts }) => [...starts])).toEqual([
    [0, 400_000, 800_000],
    [0, 400_000, 800_000],
    [0, 400_000],
  ]);
  expect(blocks[2]!.columns.every((column, at) => column === at)).toBe(true);
  expect(blocks[1]!.values.every((value) => value === 0.5)).toBe(true);
});

test('tells of every product, and stops at an abort', async () => {
  const { columnCount, rows } = golden.svd[0]!;
  const controller = new AbortController();
  const seen: number[][] = [];
  const onProgress = (done: number, total: number) => {
    seen.push([done, total]);
    if (done === 3) controller.abort(new Error('enough'));
  };
  const options = { columnCount, rank: 2, powerIterations: 2, random: seededRandom(7), onProgress };

  await expect(
    randomizedSvd(matrixOf(rows), { ...options, signal: controller.signal }),
  ).rejects.toThrow('enough');
  expect(seen).toEqual([1, 2, 3].map((done) => [done, 6]));

  await randomizedSvd(matrixOf(rows), options);
  expect(seen.at(-1)).toEqual([6, 6]);
});

test.each([
  { rank: 0 },
  { rank: 1.5 },
  { rank: 4 },
  { rank: 2, oversampling: -1 },
  { rank: 2, powerIterations: Number.NaN },
])('rejects %j for a matrix of three rows', async (options) => {
  const matrix = matrixOf(golden.svd[0]!.rows.slice(0, 3));
  const settings = { columnCount: 20, random: seededRandom(8), ...options };

  await expect(randomizedSvd(matrix, settings)).rejects.toThrow(RangeError);
});

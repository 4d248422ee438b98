import { readFileSync } from 'node:fs';
import { fitWhitening, type ItemVectors, type ProjectionMethod } from '@rodpo/features';
import { expectAllClose } from '@rodpo/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { correlatedVectors, covarianceOf, identity, itemVectors } from './any-vectors.ts';

interface GoldenCase {
  readonly name: string;
  readonly method: ProjectionMethod;
  readonly inputDimension: number;
  readonly dimension: number;
  readonly rows: number[] | null;
  readonly shrinkage: number;
  readonly values: number[];
  readonly mean: number[];
  readonly explainedVariance: number[];
  readonly transformed: number[];
}

const golden: { source: string; cases: GoldenCase[] } = JSON.parse(
  readFileSync(new URL('../golden/fusion.json', import.meta.url), 'utf8'),
);

test('whitens two axes by hand', () => {
  // Rows (±3, 0) and (0, ±1) about (1, 2): variances 18/3 and 2/3 along x and y.
  const vectors = itemVectors([
    [4, 2],
    [-2, 2],
    [1, 3],
    [1, 1],
  ]);

  const fitted = fitWhitening(vectors);

  expectAllClose(fitted.mean, [1, 2]);
  expectAllClose(fitted.explainedVariance, [6, 2 / 3]);
  expectAllClose([fitted.totalVariance], [20 / 3]);
  expectAllClose(fitted.components, [1 / Math.sqrt(6), 0, 0, Math.sqrt(1.5)]);
  expect(fitted.rowCount).toBe(4);
  const x = 3 / Math.sqrt(6);
  const y = Math.sqrt(1.5);
  expectAllClose(fitted.apply(vectors).vectors, [x, 0, -x, 0, 0, y, 0, -y]);
});

test('pca is the default whitening without the division', () => {
  const vectors = itemVectors([
    [4, 2],
    [-2, 2],
    [1, 3],
    [1, 1],
  ]);

  expectAllClose(fitWhitening(vectors, { method: 'pca' }).components, [1, 0, 0, 1]);
});

test.each(golden.cases)('$name: agrees with scikit-learn and NumPy', (expected) => {
  const { inputDimension, values, method, dimension, shrinkage, rows } = expected;
  const vectors: ItemVectors = {
    dimension: inputDimension,
    vectors: Float32Array.from(values),
    present: new Uint8Array(values.length / inputDimension).fill(1),
  };

  const fitted = fitWhitening(vectors, {
    method,
    dimension,
    shrinkage,
    ...(rows && { rows }),
  });

  const scale = { relative: 1e-9, absolute: 1e-9 * expected.explainedVariance[0]! };
  expectAllClose(fitted.mean, expected.mean, { relative: 1e-12, absolute: 1e-20 });
  expectAllClose(fitted.explainedVariance, expected.explainedVariance, scale);
  // Float32 is what is returned; whitened values are about 1.
  const largest = Math.max(...expected.transformed.map(Math.abs));
  const tolerance = { relative: 1e-6, absolute: 1e-6 * largest };
  expectAllClose(fitted.apply(vectors).vectors, expected.transformed, tolerance);
});

test.each<ProjectionMethod>(['pca-whitening', 'zca'])(
  'rows whitened by %s have the identity as covariance, and mean 0',
  (method) => {
    const vectors = correlatedVectors(300, 12, 3);
    const whitened = fitWhitening(vectors, { method }).apply(vectors);

    expectAllClose(covarianceOf(whitened), identity(12), { relative: 0, absolute: 1e-5 });
    for (let axis = 0; axis < 12; axis++) {
      const mean = whitened.vectors.filter((_, at) => at % 12 === axis).reduce((a, b) => a + b);
      expect(Math.abs(mean / 300)).toBeLessThan(1e-6);
    }
  },
);

test('pca keeps distances, and its axes are uncorrelated, the widest first', () => {
  const vectors = correlatedVectors(60, 7, 4);
  const fitted = fitWhitening(vectors, { method: 'pca' });
  const turned = fitted.apply(vectors);

  const expected = identity(7).map((one, at) => one * fitted.explainedVariance[at % 7]!);
  expectAllClose(covarianceOf(turned), expected, { relative: 1e-5, absolute: 1e-6 });
  expect([...fitted.explainedVariance]).toEqual(
    [...fitted.explainedVariance].sort((a, b) => b - a),
  );
  expectAllClose(distances(turned), distances(vectors), { relative: 1e-5 });
});

test('zca stays closer to the centred rows than pca-whitening does', () => {
  const vectors = correlatedVectors(80, 6, 5);
  const centred = vectors.vectors.map((value, at) => value - meanOfColumn(vectors, at % 6));
  const distanceOf = (method: ProjectionMethod) =>
    fitWhitening(vectors, { method })
      .apply(vectors)
      .vectors.reduce((sum, value, at) => sum + (value - centred[at]!) ** 2, 0);

  expect(distanceOf('zca')).toBeLessThan(0.9 * distanceOf('pca-whitening'));
});

test('zca has symmetric components', () => {
  const { components } = fitWhitening(correlatedVectors(40, 5, 6), { method: 'zca' });

  const transposed = components.map((_, at) => components[(at % 5) * 5 + Math.floor(at / 5)]!);
  expectAllClose(components, transposed, { relative: 1e-12, absolute: 1e-14 });
});

test('a fit looks at the given rows that are present and at nothing else', () => {
  const train = correlatedVectors(30, 4, 7);
  const vectors = Float32Array.from([...train.vectors, ...Array(8).fill(1e6)]);
  const present = Uint8Array.from([...train.present, 1, 0]); // a test item, and an absent one
  const all = { dimension: 4, vectors, present };
  const rows = Array.from({ length: 30 }, (_, row) => row);

  const expected = JSON.stringify(fitWhitening(train));

  expect(JSON.stringify(fitWhitening(all, { rows: [...rows, 31] }))).toBe(expected);
  expect(JSON.stringify(fitWhitening(all, { rows: Uint8Array.of(...rows.fill(1), 0, 1) }))).toBe(
    expected,
  );
});

test('the same vectors give the same bits, and their sign does not change the axes', () => {
  const vectors = correlatedVectors(50, 9, 8);
  const negated = { ...vectors, vectors: vectors.vectors.map((value) => -value) };

  const fitted = fitWhitening(vectors);

  expect(fitWhitening(vectors).components).toEqual(fitted.components);
  expectAllClose(fitWhitening(negated).components, fitted.components, { absolute: 1e-9 });
});

test('explained variances are eigenvalues of the covariance with the components as vectors', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(1000), (dimension, seed) => {
      const vectors = correlatedVectors(dimension + 5, dimension, seed);
      const covariance = covarianceOf(vectors);
      const fitted = fitWhitening(vectors, { method: 'pca' });

      for (let index = 0; index < dimension; index++) {
        const axis = fitted.components.subarray(index * dimension, (index + 1) * dimension);
        const image = [...axis].map((_, row) =>
          axis.reduce(
            (sum, value, column) => sum + covariance[row * dimension + column]! * value,
            0,
          ),
        );
        const expected = axis.map((value) => value * fitted.explainedVariance[index]!);
        expectAllClose(image, expected, { relative: 0, absolute: 1e-12 });
        expectAllClose([Math.hypot(...axis)], [1]);
        expect(Math.max(...axis)).toBe(Math.max(...axis.map(Math.abs)));
      }
    }),
    { numRuns: 60 },
  );
});

test('a correlation of 1e-9 beside one of about 1 is not lost to cancellation', () => {
  const half = [
    [1, 0, 3e-9],
    [0, 1, 1],
    [0, 0, 1],
  ];
  const vectors = itemVectors([...half, ...half.map((row) => row.map((value) => -value))]);
  const covariance = covarianceOf(vectors);
  const { components, explainedVariance } = fitWhitening(vectors, { method: 'pca' });

  for (let index = 0; index < 3; index++) {
    const axis = components.subarray(index * 3, index * 3 + 3);
    const image = [0, 1, 2].map((row) =>
      axis.reduce((sum, value, column) => sum + covariance[row * 3 + column]! * value, 0),
    );
    const expected = axis.map((value) => value * explainedVariance[index]!);
    expectAllClose(image, expected, { relative: 0, absolute: 1e-14 });
  }
});

test('equal variances, of which no axis is the first, are handled', () => {
  const corners = itemVectors([
    [1, 0, 0],
    [-1, 0, 0],
    [0, 1, 0],
    [0, -1, 0],
    [0, 0, 1],
    [0, 0, -1],
  ]);
  const { explainedVariance } = fitWhitening(corners);

  expectAllClose(explainedVariance, [0.4, 0.4, 0.4], { relative: 1e-12 });
});

test('full shrinkage divides every axis by the same number', () => {
  const vectors = correlatedVectors(20, 3, 9);
  const turned = fitWhitening(vectors, { method: 'pca' });
  const { components } = fitWhitening(vectors, { shrinkage: 1 });

  const scale = 1 / Math.sqrt(turned.totalVariance / 3);
  expectAllClose(
    components,
    turned.components.map((value) => value * scale),
    { relative: 1e-12 },
  );
});

const few = correlatedVectors(4, 6, 10);
const twice = itemVectors([
  [1, 1],
  [2, 2],
  [4, 4],
  [7, 7],
]);

test.each<[string, () => unknown, RegExp]>([
  ['too few rows', () => fitWhitening(few), /needs at least 7 rows with a vector, got 4/],
  ['one row', () => fitWhitening(few, { rows: [1], shrinkage: 0.5 }), /at least 2 rows.*got 1/],
  ['dependent rows', () => fitWhitening(twice), /vary along 1 axes only, fewer than the 2/],
  [
    'constant rows',
    () =>
      fitWhitening(
        itemVectors([
          [1, 5],
          [1, 5],
          [1, 5],
        ]),
      ),
    /along 0 axes/,
  ],
  ...[2, 3, 7].map((count): [string, () => unknown, RegExp] => [
    `${count} equal rows, whatever the shrinkage`,
    () =>
      fitWhitening(itemVectors(Array.from({ length: count }, () => [0.1, 0.7])), {
        shrinkage: 0.5,
      }),
    /along 0 axes: all are the same vector/,
  ]),
  ['only absent rows', () => fitWhitening({ ...few, present: new Uint8Array(4) }), /None of the/],
  ['NaN', () => fitWhitening(itemVectors([[1], [Number.NaN], [2]])), /Row 1 holds NaN/],
  ['infinity', () => fitWhitening(itemVectors([[1], [2], [-Infinity]])), /Row 2 holds -Infinity/],
  ['dimension 0', () => fitWhitening(few, { dimension: 0 }), /from 1 to.*6, got 0/],
  ['too many dimensions', () => fitWhitening(few, { dimension: 7 }), /from 1 to.*6, got 7/],
  ['zca of fewer axes', () => fitWhitening(few, { method: 'zca', dimension: 2 }), /keeps all 6/],
  ['negative shrinkage', () => fitWhitening(few, { shrinkage: -0.1 }), /from 0 to 1, got -0.1/],
  ['shrinkage NaN', () => fitWhitening(few, { shrinkage: Number.NaN }), /from 0 to 1, got NaN/],
  ['shrunk pca', () => fitWhitening(few, { method: 'pca', shrinkage: 0.5 }), /changes nothing/],
  [
    'an unknown method',
    () => fitWhitening(few, { method: 'PCA' as ProjectionMethod }),
    /must be 'pca', 'pca-whitening' or 'zca', got "PCA"/,
  ],
])('refuses %s', (_, act, message) => {
  expect(act).toThrow(RangeError);
  expect(act).toThrow(message);
});

test('rounding of float32 is not taken for an axis of its own', () => {
  const random = correlatedVectors(200, 1, 11).vectors;
  const rows = Array.from(random, (value) => [value, value * 0.1 + 3]); // a line, but for rounding

  expect(() => fitWhitening(itemVectors(rows))).toThrow(/along 1 axes only/);
  expect(fitWhitening(itemVectors(rows), { dimension: 1 }).dimension).toBe(1);
});

function meanOfColumn({ vectors, dimension, present }: ItemVectors, column: number): number {
  return (
    vectors.reduce((sum, value, at) => sum + (at % dimension === column ? value : 0), 0) /
    present.length
  );
}

function distances({ vectors, dimension, present }: ItemVectors): number[] {
  return Array.from({ length: present.length - 1 }, (_, row) => {
    const first = vectors.subarray(row * dimension, (row + 1) * dimension);
    return Math.hypot(
      ...first.map((value, axis) => value - vectors[(row + 1) * dimension + axis]!),
    );
  });
}

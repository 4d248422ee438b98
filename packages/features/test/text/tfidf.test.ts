import { inverseDocumentFrequencies, tfidf } from '@rodpo/features/text';
import { expectAllClose } from '@rodpo/testing';
import { describe, expect, test } from 'vitest';
import { golden, sparseVector } from './golden.ts';

const { counts, columnCount, plain, sublinear } = golden.tfidf;
const documentFrequencies = new Int32Array(columnCount);
for (const { indices } of counts) for (const column of indices) documentFrequencies[column]!++;
const idf = inverseDocumentFrequencies(documentFrequencies, counts.length);

test('weighs counts by rarity and scales to length 1', () => {
  // Of 3 documents, 3 hold column 0 and 1 holds column 1: ln(4/4) + 1 = 1, ln(4/2) + 1 = 1.6931.
  const weights = inverseDocumentFrequencies([3, 1], 3);
  expectAllClose(weights, [1, 1.6931471805599454]);

  // 2 · 1 and −1 · 1.6931 have the length √(4 + 2.8667) = 2.6205.
  const row = { indices: Int32Array.of(0, 1), values: Float32Array.of(2, -1) };
  expectAllClose(tfidf(row, weights).values, [2 / 2.620444, -1.693147 / 2.620444]);
});

describe('TfidfTransformer', () => {
  test('has the same inverse document frequencies', () => {
    expectAllClose(idf, golden.tfidf.idf, { relative: 1e-12, absolute: 0 });
  });

  test.each([
    { fact: 'plain', options: {}, rows: plain },
    { fact: 'sublinear', options: { sublinear: true }, rows: sublinear },
  ])('has the same weights, $fact', ({ options, rows }) => {
    const weighted = counts.map((row) => tfidf(sparseVector(row), idf, options));

    weighted.forEach(({ indices, values }, row) => {
      expect([...indices]).toEqual(rows[row]!.indices);
      expectAllClose(values, rows[row]!.values, { relative: 0, absolute: 1e-6 });
    });
  });
});

test('an empty row stays empty', () => {
  expect(tfidf(sparseVector({ indices: [], values: [] }), idf).values).toHaveLength(0);
});

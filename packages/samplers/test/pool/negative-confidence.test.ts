import { negativeConfidence, topKPool } from '@rodpo/samplers';
import { expectAllClose } from '@rodpo/testing';
import { expect, test } from 'vitest';
import { golden, goldenBatch } from './golden.ts';
import { oneRow, probabilities } from './oracle.ts';

const everyItem = (rowCount: number, itemCount: number) =>
  Int32Array.from({ length: rowCount * itemCount }, (_, index) => index % itemCount);

test('is the posterior of the order of scores', () => {
  const batch = oneRow([5, 1, 4, 7, 9], [4]);

  // Item 0 scores no less than 3 of the 4 allowed items: F = 3/4, P = 1/5.
  // (1/4 · 4/5) / (1/4 · 4/5 + 3/4 · 1/5) = (4/20) / (7/20) = 4/7.
  // Item 1 is the last: F = 1/4, (3/4 · 4/5) / (3/4 · 4/5 + 1/4 · 1/5) = 12/13. Item 4 is excluded.
  expectAllClose(negativeConfidence(batch, Int32Array.of(0, 1, 3, 4), 4, { prior: 0.2 }), [
    4 / 7,
    12 / 13,
    0,
    0,
  ]);
});

test.each(golden.confidence.map((expected, index) => [index, expected] as const))(
  'is that of the published formula, case %d',
  (_, { prior, confidences }) => {
    const items = everyItem(3, 40);

    expectAllClose(negativeConfidence(goldenBatch, items, 40, { prior }), confidences.flat());
  },
);

test('weighs a pool of all items in proportion', () => {
  const prior = 0.15;
  const confidences = negativeConfidence(goldenBatch, everyItem(3, 40), 40, { prior });
  const pool = topKPool({ poolSize: 40, weighting: { confidence: prior } });

  const q = probabilities(pool, goldenBatch);
  for (let row = 0; row < 3; row++) {
    const ofRow = confidences.subarray(row * 40, (row + 1) * 40);
    const sum = ofRow.reduce((a, b) => a + b, 0);
    expectAllClose(
      q.subarray(row * 40, (row + 1) * 40),
      ofRow.map((value) => value / sum),
    );
  }
});

test('does not see what is monotone in the scores', () => {
  const items = everyItem(3, 40);
  const scores = goldenBatch.scores.map((score) => Math.exp(score / 2) - 7);

  expect(negativeConfidence({ ...goldenBatch, scores }, items, 40, { prior: 0.3 })).toEqual(
    negativeConfidence(goldenBatch, items, 40, { prior: 0.3 }),
  );
});

test('a sure prior decides alone', () => {
  const items = Int32Array.of(0, 1, 2);
  const batch = oneRow([3, 2, 1]);

  expect(negativeConfidence(batch, items, 3, { prior: 0 })).toEqual(Float32Array.of(1, 1, 1));
  expect(negativeConfidence(batch, items, 3, { prior: 1 })).toEqual(Float32Array.of(0, 0, 0));
});

test('a pool whose best item alone is left draws it all the same', () => {
  const pool = topKPool({ poolSize: 2, weighting: { confidence: 0.1 } });
  const { items, logProbabilities } = pool.sample(oneRow([1, 5, 0, 2]), 2, Math.random);

  // F = 1 leaves the best item nothing, so it comes last: q is 1 for the other one.
  expect(items).toEqual(Int32Array.of(3, 1));
  expect(logProbabilities).toEqual(Float32Array.of(0, -Infinity));
  expectAllClose(
    probabilities(topKPool({ poolSize: 1, weighting: { confidence: 0.1 } }), oneRow([1, 5])),
    [0, 1],
  );
});

test('rejects what it cannot weigh', () => {
  const batch = oneRow([1, 2, 3], [2]);
  const at = (item: number, prior: number | number[] = 0.1) =>
    negativeConfidence(batch, Int32Array.of(item), 1, { prior });

  expect(() => at(3)).toThrow(/^items must be from 0 to 2, got 3 in row 0/);
  expect(() => at(-1)).toThrow(/^items must be from 0 to 2, got -1 in row 0/);
  expect(() => at(0, -0.1)).toThrow(/^prior must be from 0 to 1, got -0.1/);
  expect(() => at(1, [0.5])).toThrow(/^prior must have one element per item, got 1/);
  expect(() => negativeConfidence(batch, Int32Array.of(0), 2, { prior: 0 })).toThrow(/^items must/);
  expect(() =>
    negativeConfidence(oneRow([1, 2, Number.NaN]), Int32Array.of(0), 1, { prior: 0 }),
  ).toThrow(new RangeError('scores must be numbers, got NaN for item 2 of row 0'));
});

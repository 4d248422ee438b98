import { readFileSync } from 'node:fs';
import { auc, averagePrecisionAt, ndcgAt, ranksOf } from '@rodpo/metrics';
import { expectAllClose } from '@rodpo/testing';
import { expect, test } from 'vitest';

interface Graded {
  readonly scores: number[];
  readonly grades: number[];
  readonly cutoffs: number[];
  readonly ndcg: number[];
  readonly exponentialNdcg: number[];
  readonly averagePrecision: number;
  readonly auc: number;
}

interface Tied {
  readonly scores: number[];
  readonly relevant: number[];
  readonly auc: number;
}

/** scikit-learn on the same scores: see golden/sklearn-ranking.py. */
const golden: { readonly graded: Graded[]; readonly tied: Tied[] } = JSON.parse(
  readFileSync(new URL('../golden/sklearn-ranking.json', import.meta.url), 'utf8'),
);
const exact = { relative: 1e-12, absolute: 1e-15 };

test.each(golden.graded)('graded list %#', ({ scores, grades, cutoffs, ...expected }) => {
  const relevant = [...grades.keys()].filter((item) => grades[item]! > 0);
  const gains = relevant.map((item) => grades[item]!);
  const ranks = ranksOf(scores, relevant);
  const ndcg = (gain: 'linear' | 'exponential') =>
    cutoffs.map((cutoff) => ndcgAt(ranks, cutoff, { gains, gain }));

  expectAllClose(ndcg('linear'), expected.ndcg, exact);
  expectAllClose(ndcg('exponential'), expected.exponentialNdcg, exact);
  expectAllClose(
    [averagePrecisionAt(ranks, scores.length), auc(ranks, scores.length)],
    [expected.averagePrecision, expected.auc],
    exact,
  );
});

test.each(golden.tied)('AUC of tied scores %#', ({ scores, relevant, auc: expected }) => {
  const ranks = ranksOf(scores, relevant, { ties: 'average' });

  expect(auc(ranks, scores.length)).toBeCloseTo(expected, 12);
});

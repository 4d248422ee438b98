import { readFileSync } from 'node:fs';
import {
  auc,
  type RankMetricName,
  rankMetrics,
  rankMetricsPerCase,
  ranksInList,
  ranksOf,
  topRanked,
} from '@rodpo/metrics';
import { expectAllClose } from '@rodpo/testing';
import { expect, test } from 'vitest';

interface Case {
  readonly scores: number[];
  readonly relevant: number[];
  readonly excluded: number[];
}

interface Evaluation {
  readonly cases: Case[];
  readonly perCase: Record<string, number>[];
  readonly means: Record<string, number>;
}

interface Golden {
  readonly cutoffs: number[];
  readonly distinct: Evaluation;
  readonly tied: Evaluation;
  readonly pooled: { readonly scores: number[]; readonly labels: number[]; readonly auc: number };
}

/** RecBole's evaluator on the same scores: see golden/recbole-ranking.py. */
const golden: Golden = JSON.parse(
  readFileSync(new URL('../golden/recbole-ranking.json', import.meta.url), 'utf8'),
);
const names: RankMetricName[] = ['hit', 'recall', 'precision', 'ndcg', 'mrr', 'map'];
const exact = { relative: 1e-12, absolute: 1e-15 };

const { cases, perCase, means } = golden.distinct;
const ranks = cases.map(({ scores, relevant, excluded }) =>
  ranksOf(scores, relevant, { excluded }),
);

test('every metric of every case is as RecBole has it', () => {
  const values = rankMetricsPerCase(ranks, golden.cutoffs, names);

  expect(Object.keys(values)).toHaveLength(6 * 5);
  for (const [key, ours] of Object.entries(values)) {
    expectAllClose(
      ours,
      perCase.map((metrics) => metrics[key]!),
      exact,
    );
  }
});

test('so are the means over cases, from scores and from lists', () => {
  const lists = cases.map(({ scores, relevant, excluded }) =>
    ranksInList(topRanked(scores, 30, { excluded }), relevant),
  );

  for (const source of [ranks, lists]) {
    const ours = rankMetrics(source, golden.cutoffs, names);

    expectAllClose(
      Object.values(ours),
      Object.keys(ours).map((key) => means[key]!),
      exact,
    );
  }
});

// GAUC: the mean over cases, weighted by their relevant items. RecBole computes it in float32.
test.each(['distinct', 'tied'] as const)('GAUC of %s scores', (kind) => {
  const evaluation = golden[kind];
  const ours = evaluation.cases.map(({ scores, relevant, excluded }) =>
    auc(ranksOf(scores, relevant, { excluded, ties: 'average' }), scores.length - excluded.length),
  );
  const counts = evaluation.cases.map(({ relevant }) => relevant.length);
  const total = counts.reduce((sum, count) => sum + count);

  expectAllClose(
    ours,
    evaluation.perCase.map(({ gauc }) => gauc!),
  );
  expectAllClose(
    [ours.reduce((sum, own, index) => sum + own * counts[index]!, 0) / total],
    [evaluation.means.gauc!],
  );
});

test('AUC of scores in one pool, with ties', () => {
  const { scores, labels, auc: expected } = golden.pooled;
  const relevant = [...labels.keys()].filter((item) => labels[item] === 1);

  expect(auc(ranksOf(scores, relevant, { ties: 'average' }), scores.length)).toBeCloseTo(
    expected,
    12,
  );
});

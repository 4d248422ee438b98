import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { Dataset } from '../src/data/dataset.ts';
import { evaluate, summarise } from '../src/stages/evaluate.ts';
import { summaryTable } from '../src/stages/summary-table.ts';
import { workspaceOf } from '../src/stages/workspace.ts';
import { fixedScores } from './fixed-scores.ts';
import { tinyRun } from './tiny-run.ts';

// Test targets are items 1 and 3, validation targets 0 and 5.
const dataset: Dataset = {
  userIds: ['a', 'b'],
  itemIds: ['0', '1', '2', '3', '4', '5'],
  sequences: [Int32Array.of(2, 4, 0, 1), Int32Array.of(4, 2, 5, 3)],
};

/** Best first: an item's place is its rank. */
const orders = {
  pretrained: [0, 1, 2, 3, 4, 5],
  better: [1, 3, 0, 2, 4, 5],
  worse: [0, 2, 4, 1, 5, 3],
};

const discount = (rank: number) => 1 / Math.log2(rank + 1);
// Test ranks: pretrained 2 and 4, better 1 and 2, worse 4 and 6, which is beyond 5.
const ndcg = {
  pretrained: (discount(2) + discount(4)) / 2,
  better: (1 + discount(2)) / 2,
  worse: discount(4) / 2,
};
const mrr = { pretrained: (1 / 2 + 1 / 4) / 2, better: (1 + 1 / 2) / 2, worse: 1 / 4 / 2 };

async function evaluated() {
  const run = await tinyRun();
  const workspace = await workspaceOf(run, dataset);
  const like = workspace.encoder.initialize(() => 0);
  const models = Object.entries(orders).map(([name, order]) => {
    const scores = order.map((_, item) => -order.indexOf(item));
    return [name, fixedScores(like, run.config.encoder.blockCount, scores)];
  });
  const rates = { heldOutRate: 0.25, historyRate: 0 };
  await run.log({ stage: 'align-better', epoch: 1, falseNegativeRate: 0.1, ...rates });
  await run.log({ stage: 'align-better', epoch: 2, falseNegativeRate: 0.3, ...rates });
  // What is not known, such as the tastes behind real data, is logged as null.
  await run.log({ stage: 'align-worse', epoch: 1, falseNegativeRate: null, ...rates });
  return { run, summary: await evaluate(run, workspace, Object.fromEntries(models)) };
}

test('figures and their gains over pretraining are those of the ranks', async () => {
  const { run, summary } = await evaluated();
  for (const name of ['pretrained', 'better', 'worse'] as const) {
    const { test: figures, gain } = summary[name]!;

    expect(figures['ndcg@5']).toBeCloseTo(ndcg[name], 12);
    expect(figures['mrr@5']).toBeCloseTo(mrr[name], 12);
    expect(gain['ndcg@5']).toBeCloseTo(ndcg[name] / ndcg.pretrained - 1, 12);
    expect(gain['mrr@5']).toBeCloseTo(mrr[name] / mrr.pretrained - 1, 12);
  }
  // Both validation targets are first or last for a user: ranks 1 and 6, 3 and 6, 1 and 5.
  expect(summary.pretrained!.validation['mrr@10']).toBeCloseTo((1 + 1 / 6) / 2, 12);
  expect(summary.better!.validation['mrr@10']).toBeCloseTo((1 / 3 + 1 / 6) / 2, 12);
  expect(summary.worse!.validation['mrr@10']).toBeCloseTo((1 + 1 / 5) / 2, 12);
  expect(summary.pretrained).not.toHaveProperty('negatives');
  expect(summary.better!.negatives!.falseNegativeRate).toBeCloseTo(0.2, 12);
  expect(JSON.parse(await readFile(run.file('summary.json'), 'utf8'))).toMatchObject({
    better: { gain: { 'mrr@5': 1 } },
    worse: { gain: { 'mrr@5': -2 / 3 } },
  });
});

test('a gain over a figure of 0 is no share of it', async () => {
  const run = await tinyRun();
  const cost = { rankSeconds: 1, peakMemoryBytes: 1 };
  const of = (value: number) => ({ test: { 'ndcg@5': value }, validation: {}, ...cost });
  const summary = await summarise(run, { pretrained: of(0), better: of(0.5) });

  expect(summary.better!.gain).toEqual({ 'ndcg@5': null });
  expect(JSON.parse(await readFile(run.file('summary.json'), 'utf8'))).toEqual(summary);
  expect(summaryTable(summary)).toMatch(/better +0\.5000 +– /);
});

test('the table shows the test figures, and how much each model gains', async () => {
  const { summary } = await evaluated();

  // .5308 → .8155 and .2153; .375 → .75 and .125.
  expect(summaryTable(summary)).toBe(
    [
      'model       NDCG@5      gain   MRR@5       gain  false negatives  held-out drawn',
      '──────────  ──────  ────────  ──────  ─────────  ───────────────  ──────────────',
      'pretrained  0.5308         –  0.3750          –                –               –',
      'better      0.8155  +53.63 %  0.7500  +100.00 %          20.00 %         25.00 %',
      'worse       0.2153  -59.43 %  0.1250   -66.67 %                –         25.00 %',
      '',
      'With the history left out of the ranking:',
      '',
      'model       NDCG@5     gain   MRR@5      gain',
      '──────────  ──────  ───────  ──────  ────────',
      // Histories are 0, 2, 4 and 2, 4, 5: ranks 1 and 3, 1 and 2, 1 and 3.
      'pretrained  0.7500        –  0.6667         –',
      'better      0.8155  +8.73 %  0.7500  +12.50 %',
      'worse       0.7500        –  0.6667         –',
    ].join('\n'),
  );
});

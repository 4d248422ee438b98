import { expect, test } from 'vitest';
import type { Cell, Comparison } from '../../src/compare/comparison.ts';
import { sectionsOf, summaryOf } from '../../src/compare/report/sections.ts';
import {
  contributionsTable,
  costTable,
  encoderTable,
  gainTable,
  resultTable,
  seedTable,
  settingsTable,
  sweepTable,
  trialTable,
} from '../../src/compare/report/tables.ts';
import { measured, percentGain, probability, settingsText } from '../../src/report/format.ts';
import { share, shareOf } from '../../src/report/share-of.ts';
import { compared, meanOf, strategiesOf } from './chart-facts.ts';
import { fakeComparison } from './fake-comparison.ts';

const comparison = fakeComparison();
const dense = (cells: readonly Cell[]) => cells.filter(({ encoder }) => encoder === 'dense');
const swept = comparison.cells.filter(({ sweepPoolSize }) => sweepPoolSize !== undefined);

/** A comparison in which each run has cost something else. */
function costly(): Comparison {
  const copy = structuredClone(comparison);
  for (const { runs } of copy.cells) {
    for (const [index, run] of runs.entries()) {
      const costs = { trainSeconds: 10 + 5 * index, rankSeconds: 0.5 + index, bestEpoch: index };
      Object.assign(run, { ...costs, peakMemoryBytes: (3 - index) * 1e8 });
    }
  }
  return copy;
}

test('costs are means over seeds, but memory is the most of any', () => {
  const { columns, rows } = costTable(costly(), 'dense');

  expect(columns).toHaveLength(5);
  // Seconds 10, 15, 20; epochs 0, 1, 2; 1.5 s for the 500 users who are ranked; 300, 200, 100 MB.
  expect(rows).toEqual(
    dense(compared(comparison)).map(({ model }) => [model, '15', '1', '3,000', '300 MB']),
  );
});

test('encoders, with the figures of their baselines', () => {
  const { columns, rows } = encoderTable(comparison, 'all');
  const baselines = comparison.cells.filter(({ model }) => model === 'pretrained');

  expect(columns.slice(4)).toEqual(['ndcg@5', 'mrr@5']);
  expect(rows).toEqual(
    baselines.map(({ encoder, test: { 'ndcg@5': ndcg, 'mrr@5': mrr } }) => [
      encoder,
      '165,056',
      '165,056',
      '229,376',
      `${ndcg!.mean.toFixed(4)} ± 0.0008`,
      `${mrr!.mean.toFixed(4)} ± 0.0008`,
    ]),
  );
});

test('results and gains have a row for each model that is compared, and none of the sweep', () => {
  const models = (cells: readonly Cell[]) => dense(cells).map(({ model }) => model);
  const names = (table: { rows: readonly (readonly unknown[])[] }) =>
    table.rows.map(([one]) => one);

  expect(names(resultTable(comparison, 'dense', 'all'))).toEqual(models(compared(comparison)));
  expect(names(gainTable(comparison, 'dense', 'all')!)).toEqual(models(strategiesOf(comparison)));
  for (const { rows, columns } of [
    resultTable(comparison, 'dense', 'all'),
    gainTable(comparison, 'dense', 'all')!,
  ]) {
    for (const row of rows) expect(row).toHaveLength(columns.length);
  }
});

test('with the history left out, every table has those figures under the same heads', () => {
  const [baseline] = comparison.cells;
  const { test: figures, runs } = baseline!;
  const text = `${figures['masked ndcg@5']!.mean.toFixed(4)} ± 0.0008`;
  const plain = (cell: unknown) => (cell as { strong?: string }).strong ?? cell;
  const tables = [
    [resultTable, 1],
    [(one: Comparison, _: string, way: 'all' | 'masked') => encoderTable(one, way), 4],
  ] as const;

  for (const [tableOf, column] of tables) {
    const [all, masked] = [
      tableOf(comparison, 'dense', 'all'),
      tableOf(comparison, 'dense', 'masked'),
    ];
    expect(masked.columns).toEqual(all.columns);
    expect(plain(masked.rows[0]![column])).toBe(text);
    expect(plain(all.rows[0]![column])).not.toBe(text);
    expect(masked.caption).toContain('the history left out of the ranking');
  }
  const seeds = seedTable(comparison, 'masked');
  expect(seeds.rows[0]![1]).toBe(runs[0]!.test['masked ndcg@5']!.toFixed(4));
  expect(sweepTable(comparison, 'masked')!.rows[0]![1]).toBe(
    `${swept[0]!.test['masked ndcg@5']!.mean.toFixed(4)} ± 0.0008`,
  );
  // A gain of .002 of the masked baseline.
  const [low] = [0.001 / figures['masked ndcg@5']!.mean];
  const [, gain] = gainTable(comparison, 'dense', 'masked')!.rows[0]!;
  expect(plain(gain)).toContain(`[${percentGain(low)}, `);
});

test('contributions to gains stand beside the gains, with their intervals', () => {
  const { columns, rows } = contributionsTable(comparison, 'dense')!;

  expect(columns).toHaveLength(7);
  const cells = ['+3.31 %', '+4.31 % [+3.31 %, +5.31 %]', '−1.00 % [−2.00 %, +0.00 %]'];
  expect(rows).toEqual(
    dense(strategiesOf(comparison)).map(({ model }) => [model, ...cells, ...cells]),
  );
});

test('without a strategy there are no gains to take apart', () => {
  const cells = comparison.cells.filter(({ model }) => model === 'pretrained');

  expect(contributionsTable({ ...comparison, cells }, 'dense')).toBeUndefined();
});

test('gains over a control are shares of its figures, by its name, where there is one', () => {
  expect(gainTable(comparison, 'dense', 'all', 'control')).toBeUndefined();

  const copy = { ...structuredClone(comparison), control: 'uniform' };
  const [, uniform, stochastic] = dense(copy.cells);
  const test = { ...stochastic!.againstBaseline!['ndcg@5']!, gain: 0.05, interval: [0.001, 0.003] };
  Object.assign(stochastic!, {
    againstControl: Object.fromEntries(
      Object.keys(stochastic!.againstBaseline!).map((metric) => [metric, test]),
    ),
  });
  const { caption, rows } = gainTable(copy, 'dense', 'all', 'control')!;
  const { mean } = uniform!.test['ndcg@5']!;

  expect(caption).toContain('Gain over uniform (encoder dense)');
  expect(rows.map(([name]) => name)).toEqual(['stochastic']);
  expect((rows[0]![1] as { strong: string }).strong).toContain(
    `+5.00 % [${percentGain(0.001 / mean)}, ${percentGain(0.003 / mean)}]`,
  );
});

test('a loss is marked as one, and no difference is no gain', () => {
  const changed = (gain: number) => {
    const copy = structuredClone(comparison);
    for (const { againstBaseline } of copy.cells) {
      if (againstBaseline)
        Object.assign(againstBaseline['ndcg@5']!, { gain, difference: gain, adjustedPValue: 0.01 });
    }
    const [, first] = gainTable(copy, 'dense', 'all')!.rows[0]!;
    return (first as { strong: string }).strong;
  };

  expect(changed(-0.02)).toMatch(/^▼ −2\.00 % \[/);
  expect(changed(0)).toMatch(/^▼ \+0\.00 % \[/);
  expect(changed(0.02)).toMatch(/^▲ \+2\.00 % \[/);
});

test('a gain over nothing is no share, and marked by what it is', () => {
  const fromNothing = fakeComparison({ isFromNothing: true });
  const [uniform, stochastic] = gainTable(fromNothing, 'dense', 'all')!.rows;

  expect(uniform).toEqual(['uniform', '–, p 0.500', '–, p 0.500']);
  expect(stochastic![1]).toEqual({ strong: '▲ –, p < 0.001' });
  expect(contributionsTable(fromNothing, 'dense')!.rows[0]).toEqual([
    'uniform',
    ...['–', '–', '–', '–', '–', '–'],
  ]);
});

test('the sweep, its gains and its rates, by pool size', () => {
  const { columns, rows } = sweepTable(comparison, 'all')!;

  expect(columns).toHaveLength(7);
  expect(rows.map((row) => [row[0], row[1], ...row.slice(4)])).toEqual(
    swept.map((cell) => [
      `${cell.encoder}, ${cell.sweepPoolSize}`,
      `${meanOf(cell).toFixed(4)} ± 0.0008`,
      '12.3 %',
      '3.5 %',
      '0.0 %',
    ]),
  );
  expect(sweepTable(fakeComparison({ hasSweep: false }), 'all')).toBeUndefined();
});

test('trials with their settings, the best set strong', () => {
  const { columns, rows } = trialTable(comparison)!;

  expect(columns).toHaveLength(3);
  expect(rows).toEqual([
    ['dense, uniform', 'beta 0.1', '0.0701'],
    ['dense, uniform', 'beta 0.3', { strong: '0.0712' }],
  ]);
  expect(trialTable(fakeComparison({ hasTrials: false }))).toBeUndefined();
});

test('the first metric of every model by seed, and what strategies were trained with', () => {
  const seeds = seedTable(comparison, 'all');
  expect(seeds.columns).toEqual(['encoder, model', 'seed 1', 'seed 2', 'seed 3']);
  expect(seeds.rows).toEqual(
    compared(comparison).map(({ encoder, model, runs }) => [
      `${encoder}, ${model}`,
      ...runs.map(({ test: figures }) => figures['ndcg@5']!.toFixed(4)),
    ]),
  );
  const settings = settingsTable(comparison);
  expect(settings.columns).toHaveLength(2);
  expect(settings.rows).toEqual(
    strategiesOf(comparison).map(({ encoder, model }) => [
      `${encoder}, ${model}`,
      'beta 0.3, negatives {"from":"pool","size":20}',
    ]),
  );
});

test('each section holds its tables and its charts, and no others', () => {
  const counts = sectionsOf(comparison).map(({ title, tables, charts }) => [
    title,
    tables.length,
    charts.length,
  ]);

  expect(counts).toEqual([
    ['Results', 8, 2],
    ['Where gains come from', 2, 0],
    ['Rules', 2, 0],
    ['Encoders', 4, 0],
    ['Learning curves', 0, 2],
    ['Alignment by epoch', 0, 4],
    ['False negatives', 0, 2],
    ['Pool size', 2, 2],
    ['Routers', 0, 2],
    ['Tuning', 1, 0],
    ['Details', 3, 0],
  ]);
});

test('the best of each metric is set strong, alone', () => {
  const { columns, rows } = resultTable(comparison, 'dense', 'all');
  const own = dense(compared(comparison));
  for (const metric of ['ndcg@5', 'mrr@5']) {
    const means = own.map(({ test: figures }) => figures[metric]!.mean);
    const column = columns.indexOf(metric);

    expect(new Set(means).size).toBe(means.length);
    expect(rows.map((row) => typeof row[column] === 'object')).toEqual(
      means.map((mean) => mean === Math.max(...means)),
    );
  }
});

test('one of a kind is not told as several', () => {
  const [dataset, seeds] = [{ users: 1, items: 2, interactions: 1000 }, [7]];
  const cells = dense(comparison.cells).slice(0, 2);
  const encoders = comparison.encoders.slice(0, 1);

  expect(summaryOf({ ...comparison, dataset, seeds, cells, encoders })).toBe(
    '1 way to align, 1 encoder, 1 seed (7), on 1 user, 2 items and 1,000 interactions.',
  );
});

test('figures at the edges of how they are written', () => {
  expect([percentGain(null), percentGain(0), percentGain(-0.001), percentGain(0.0123)]).toEqual([
    '–',
    '+0.00 %',
    '−0.10 %',
    '+1.23 %',
  ]);
  expect([probability(0.001), probability(0.00099)]).toEqual(['0.001', '< 0.001']);
  expect([measured(99.96), measured(100), measured(1234.5), measured(0.17749)]).toEqual([
    '100',
    '100',
    '1,235',
    '0.177',
  ]);
  expect([share(1, 4), share(0, 0)]).toEqual([0.25, 0]);
  expect(shareOf(12, 400)).toBe('12 of 400 (3.0 %)');
  expect(measured(Number.NaN)).toBe('unknown');
  expect(settingsText({ beta: 0.3, exclude: 'chosen', tuning: null })).toBe(
    'beta 0.3, exclude chosen, tuning null',
  );
});

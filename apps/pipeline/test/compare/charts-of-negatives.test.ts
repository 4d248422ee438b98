import { describe, expect, test } from 'vitest';
import type { Comparison } from '../../src/compare/comparison.ts';
import { falseNegativeCharts } from '../../src/compare/report/charts/false-negatives.ts';
import { routerCharts } from '../../src/compare/report/charts/router.ts';
import { sweepCharts } from '../../src/compare/report/charts/sweep.ts';
import {
  baselineOf,
  byEncoder,
  closeUp,
  meanOf,
  quantity,
  strategiesOf,
  valuesOf,
} from './chart-facts.ts';
import { fakeComparison } from './fake-comparison.ts';

const comparison = fakeComparison();
const real = fakeComparison({ isReal: true, seeds: [1] });

const swept = ({ cells }: Comparison) => cells.filter(({ sweepPoolSize }) => sweepPoolSize);

describe('false negatives', () => {
  const values = (all: Comparison, rate: number) =>
    strategiesOf(all).map(({ encoder, model }) => ({ encoder, model, rate, gain: 0.0331 }));
  const x = (title: string) => ({ ...quantity('rate'), title, axis: { format: '.2~%' } });
  const facet = { ...byEncoder, columns: 2 };

  test('drawn, and the gain that goes with them', () => {
    const [rates, gains] = falseNegativeCharts(comparison);

    expect(valuesOf(rates!)).toEqual(values(comparison, 0.1234));
    expect(valuesOf(gains!)).toEqual(values(comparison, 0.1234));
    expect(rates!.spec).toMatchObject({
      mark: { type: 'bar' },
      encoding: {
        facet,
        x: x('share of false negatives'),
        y: { field: 'model', type: 'nominal', sort: null },
      },
    });
    expect(gains!.spec).toMatchObject({
      mark: { type: 'point', filled: true },
      encoding: {
        facet,
        x: x('share of false negatives'),
        y: { ...quantity('gain'), axis: { format: '+.1%' } },
        color: { field: 'model', type: 'nominal' },
      },
    });
  });

  test('a gain over nothing has no place; the rates that go with it have', () => {
    const copy = structuredClone(comparison);
    const [cell] = strategiesOf(copy);
    Object.assign(cell!.againstBaseline!['ndcg@5']!, { gain: null });
    const [rates, gains] = falseNegativeCharts(copy);

    expect(valuesOf(gains!)).toEqual(values(comparison, 0.1234).slice(1));
    expect(valuesOf(rates!)).toHaveLength(strategiesOf(comparison).length);
    const fromNothing = falseNegativeCharts(fakeComparison({ isFromNothing: true }));
    expect(fromNothing.map(({ title }) => title)).toEqual([rates!.title]);
  });

  test('of real data are held-out items', () => {
    const [rates, gains] = falseNegativeCharts(real);

    expect(valuesOf(rates!)).toEqual(values(real, 0.0345));
    expect(rates!.spec).toMatchObject({ encoding: { x: x('share of held-out items') } });
    expect(gains!.title).toBe('Held-out items and gain');
  });

  test('where no strategy draws, nothing', () => {
    const cells = comparison.cells.filter(({ model }) => model === 'pretrained');

    expect(falseNegativeCharts({ ...comparison, cells })).toEqual([]);
  });
});

describe('pool sizes', () => {
  const values = (all: Comparison, rate: number, error: number) =>
    swept(all).map((cell) => ({
      encoder: cell.encoder,
      size: cell.sweepPoolSize,
      mean: meanOf(cell),
      low: meanOf(cell) - error,
      high: meanOf(cell) + error,
      rate,
      baseline: meanOf(baselineOf(all, cell)),
    }));
  const x = { ...quantity('size'), scale: { type: 'log' }, axis: { grid: false } };

  test('the metric with its error beside the baseline, and the rate', () => {
    const [metric, rate] = sweepCharts(comparison);
    const y = (field: string) => ({ ...quantity(field), ...closeUp });

    expect(valuesOf(metric!)).toEqual(values(comparison, 0.1234, 0.0008));
    expect(valuesOf(rate!)).toEqual(values(comparison, 0.1234, 0.0008));
    expect(metric!.spec).toMatchObject({
      facet: byEncoder,
      columns: 2,
      spec: {
        layer: [
          { mark: { type: 'line', strokeDash: [4, 4] }, encoding: { x, y: y('baseline') } },
          { mark: { type: 'rule' }, encoding: { x, y: y('low'), y2: { field: 'high' } } },
          { mark: { type: 'line', point: true }, encoding: { x, y: y('mean') } },
        ],
      },
    });
    expect(rate!.spec).toMatchObject({
      mark: { type: 'line', point: true },
      encoding: {
        facet: { ...byEncoder, columns: 2 },
        x,
        y: { ...quantity('rate'), axis: { format: '.2~%' } },
      },
    });
  });

  test('of real data and one seed: held-out items, and no error', () => {
    expect(valuesOf(sweepCharts(real)[0]!)).toEqual(values(real, 0.0345, 0));
    expect(sweepCharts(real).map(({ title }) => title)).toEqual([
      'Test ndcg@5 by pool size',
      'Held-out items drawn by pool size',
    ]);
  });

  test('of a cell that drew nothing there is no rate', () => {
    for (const all of [comparison, real]) {
      const cells = all.cells.map(({ negatives, ...cell }) =>
        cell.sweepPoolSize === 5 ? cell : { ...cell, ...(negatives ? { negatives } : {}) },
      );
      const shown = valuesOf(sweepCharts({ ...all, cells })[1]!) as {
        size: number;
        rate?: number;
      }[];

      expect(shown.filter(({ size }) => size === 5).map(({ rate }) => rate)).toEqual([
        undefined,
        undefined,
      ]);
      expect(shown.filter(({ size }) => size === 50).every(({ rate }) => rate! > 0)).toBe(true);
    }
  });

  test('rates that only one cell knows are still false negatives', () => {
    const cells = comparison.cells.map((cell, index) =>
      cell.sweepPoolSize === 5 || index < 3
        ? cell
        : { ...cell, negatives: { ...cell.negatives!, falseNegativeRate: null } },
    );

    expect(sweepCharts({ ...comparison, cells })[1]!.title).toBe('False negatives by pool size');
    expect(falseNegativeCharts({ ...comparison, cells })[1]!.title).toBe(
      'False negatives and gain',
    );
  });
});

describe('routers', () => {
  const points = (own: object, value: number) =>
    [1, 2, 3].map((epoch) => ({
      router: 'block0.experts',
      epoch,
      value: expect.closeTo(value, 12),
      ...own,
    }));

  test('the load of each expert and the health of each router by epoch', () => {
    const [load, health, ...others] = routerCharts(comparison);

    expect(others).toEqual([]);
    expect(valuesOf(load!)).toEqual([...points({ expert: 1 }, 0.6), ...points({ expert: 2 }, 0.4)]);
    expect(load!.spec).toMatchObject({
      mark: 'rect',
      encoding: {
        facet: { field: 'router', type: 'nominal', columns: 2 },
        x: { field: 'epoch', type: 'ordinal', axis: { labelOverlap: true, labelAngle: 0 } },
        y: { field: 'expert', type: 'ordinal' },
        color: { ...quantity('value'), scale: { scheme: 'viridis', domainMin: 0 } },
      },
    });
    expect(valuesOf(health!)).toEqual([
      ...points({ figure: 'loadEntropy' }, 0.97),
      ...points({ figure: 'tokenEntropy' }, 0.8),
      ...points({ figure: 'droppedShare' }, 0),
    ]);
    expect(health!.spec).toMatchObject({
      mark: 'line',
      encoding: {
        facet: { field: 'router', type: 'nominal', columns: 2 },
        x: { ...quantity('epoch'), axis: { tickMinStep: 1, format: 'd' } },
        y: quantity('value'),
        color: { field: 'figure', type: 'nominal', scale: { range: expect.any(Array) } },
      },
    });
  });

  test('an expert of two digits is not taken for one of one', () => {
    const named = structuredClone(comparison);
    for (const { runs } of named.cells) {
      for (const { epochs } of runs) {
        const others = { 'y.load.1.mean': 1, 'y.loadEntropy.mean': 1 };
        for (const entry of epochs) Object.assign(entry, { 'x.load.11': 0.5, ...others });
      }
    }
    const loads = valuesOf(routerCharts(named)[0]!) as { router: string; expert: number }[];

    expect(new Set(loads.map(({ router, expert }) => `${router} ${expert}`))).toEqual(
      new Set(['x 12']),
    );
    const all = routerCharts(named).flatMap(valuesOf) as { router: string }[];
    expect(all.filter(({ router }) => router === 'y')).toEqual([]);
  });

  test('a pretraining that logged nothing has no routers', () => {
    const cells = comparison.cells.map((cell) => ({
      ...cell,
      runs: cell.runs.map((run) => ({ ...run, epochs: [] })),
    }));

    expect(routerCharts({ ...comparison, cells })).toEqual([]);
    expect(
      routerCharts({ ...comparison, cells: cells.map((cell) => ({ ...cell, runs: [] })) }),
    ).toEqual([]);
  });
});

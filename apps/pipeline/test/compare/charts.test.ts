import { describe, expect, test } from 'vitest';
import type { Cell } from '../../src/compare/comparison.ts';
import {
  alignmentCurves,
  learningCurves,
  meanByEpoch,
} from '../../src/compare/report/charts/curves.ts';
import { modelEncoding } from '../../src/compare/report/charts/model-encoding.ts';
import { gainChart, resultChart } from '../../src/compare/report/charts/results.ts';
import type { Chart } from '../../src/report/chart.ts';
import {
  baselineOf,
  byEncoder,
  closeUp,
  compared,
  meanOf,
  quantity,
  strategiesOf,
  valuesOf,
} from './chart-facts.ts';
import { fakeComparison } from './fake-comparison.ts';

const comparison = fakeComparison();
const real = fakeComparison({ isReal: true, seeds: [1] });

/** The mean of a figure over the seeds of a cell, in the epoch of a number from 1. */
const meanIn = ({ runs }: Cell, epoch: number, figure: string) =>
  runs.reduce((sum, { epochs }) => sum + Number(epochs[epoch - 1]![figure]), 0) / runs.length;

const curve = (cell: Cell, figure: string) =>
  [1, 2, 3].map((epoch) => ({
    encoder: cell.encoder,
    model: cell.model,
    epoch,
    value: expect.closeTo(meanIn(cell, epoch, figure), 12),
  }));

describe('intervals', () => {
  const layers = (title: string, format: string) => ({
    facet: { row: byEncoder },
    resolve: { scale: { y: 'independent' } },
    spec: {
      layer: [
        {
          mark: { type: 'rule' },
          encoding: {
            y: { field: 'model', type: 'nominal', sort: null },
            x: { ...quantity('low'), title, ...closeUp, axis: { format } },
            x2: { field: 'high' },
          },
        },
        {
          mark: { type: 'point', filled: true },
          encoding: {
            y: { field: 'model', type: 'nominal', sort: null },
            x: { ...quantity('mean'), title, ...closeUp, axis: { format } },
          },
        },
      ],
    },
  });

  test('of results: a mean and a standard error to either side, of each model', () => {
    const chart = resultChart(comparison);

    expect(valuesOf(chart)).toEqual(
      compared(comparison).map((cell) => ({
        encoder: cell.encoder,
        model: cell.model,
        mean: meanOf(cell),
        low: meanOf(cell) - 0.0008,
        high: meanOf(cell) + 0.0008,
      })),
    );
    expect(chart.spec).toMatchObject(layers('test ndcg@5', '.3f'));
  });

  test('of one seed: nothing to either side', () => {
    for (const value of valuesOf(resultChart(real))) {
      const { mean } = value as { mean: number };
      expect(value).toMatchObject({ low: mean, high: mean });
    }
  });

  test('of gains: the interval as a share of the baseline, of each strategy', () => {
    const chart = gainChart(comparison)!;

    expect(valuesOf(chart)).toEqual(
      strategiesOf(comparison).map((cell) => ({
        encoder: cell.encoder,
        model: cell.model,
        mean: 0.0331,
        low: 0.001 / meanOf(baselineOf(comparison, cell)),
        high: 0.003 / meanOf(baselineOf(comparison, cell)),
      })),
    );
    expect(chart.spec).toMatchObject(layers('relative gain', '+.1%'));
  });

  test('of gains over nothing there are none', () => {
    const copy = structuredClone(comparison);
    const [encoder] = comparison.encoders;
    for (const cell of copy.cells.filter((one) => one.encoder === encoder!.name)) {
      if (cell.model === 'pretrained') Object.assign(cell.test['ndcg@5']!, { mean: 0 });
      else Object.assign(cell.againstBaseline!['ndcg@5']!, { gain: null });
    }
    const shown = valuesOf(gainChart(copy)!) as { encoder: string }[];

    expect(new Set(shown.map((value) => value.encoder))).toEqual(new Set(['experts']));
    expect(gainChart(fakeComparison({ isFromNothing: true }))).toBeUndefined();
  });
});

describe('curves', () => {
  test('of pretraining: means over seeds by epoch', () => {
    const [chart] = learningCurves(comparison);
    const baselines = comparison.cells.filter(({ model }) => model === 'pretrained');

    expect(valuesOf(chart!)).toEqual(
      baselines.flatMap((cell) => curve(cell, 'validation ndcg@10')),
    );
    expect(chart!.spec).toMatchObject({
      mark: { type: 'line', point: true },
      encoding: {
        facet: { ...byEncoder, columns: 2 },
        x: { ...quantity('epoch'), axis: { tickMinStep: 1, format: 'd' } },
        y: { ...quantity('value'), title: 'validation ndcg@10', ...closeUp },
      },
    });
  });

  test('of alignment: from the pretrained level on, where that is known', () => {
    const known = structuredClone(comparison);
    for (const { validation } of known.cells) {
      Object.assign(validation, { 'ndcg@10': { mean: 0.0625, standardError: null } });
    }
    const [, unknown] = learningCurves(comparison);
    const [, chart] = learningCurves(known);
    const curves = strategiesOf(comparison).map((cell) => curve(cell, 'validation ndcg@10'));

    expect(valuesOf(unknown!)).toEqual(curves.flat());
    expect(valuesOf(chart!)).toEqual(
      curves.flatMap((points) => {
        const { encoder, model } = points[0]!;
        return [{ encoder, model, epoch: 0, value: 0.0625 }, ...points];
      }),
    );
  });

  test('of what alignment logs, each if it was logged', () => {
    const figures = ['rewards/margins', 'rewards/accuracies', 'logps/chosen', 'falseNegativeRate'];
    const charts = alignmentCurves(comparison);

    expect(charts.map(valuesOf)).toEqual(
      figures.map((figure) => strategiesOf(comparison).flatMap((cell) => curve(cell, figure))),
    );
    // A baseline that has such figures, as one that was aligned before, is not shown among strategies.
    const logged = structuredClone(comparison);
    for (const { runs } of logged.cells) {
      for (const { epochs } of runs) {
        for (const entry of epochs) Object.assign(entry, { 'rewards/margins': 1 });
      }
    }
    expect(valuesOf(alignmentCurves(logged)[0]!)).toHaveLength(3 * strategiesOf(logged).length);
    // What only a simulation knows is not there.
    expect(alignmentCurves(real)).toHaveLength(3);
  });

  test('of what a cell did not log there is no curve, whatever it began with', () => {
    const [silent, ...others] = strategiesOf(comparison);
    const known = structuredClone(comparison);
    for (const cell of known.cells) {
      Object.assign(cell.validation, { 'ndcg@10': { mean: 0.0625, standardError: null } });
      if (cell.encoder !== silent!.encoder || cell.model !== silent!.model) continue;
      for (const { epochs } of cell.runs) (epochs as object[]).length = 0;
    }
    const [, chart] = learningCurves(known);
    const shown = valuesOf(chart!) as { encoder: string; model: string }[];

    expect(new Set(shown.map(({ encoder, model }) => `${encoder} ${model}`))).toEqual(
      new Set(others.map(({ encoder, model }) => `${encoder} ${model}`)),
    );
  });

  test('many points are a line without marks', () => {
    const long = structuredClone(comparison);
    for (const { runs } of long.cells) {
      for (const { epochs } of runs) {
        const [first] = epochs;
        const more = Array.from({ length: 196 }, (_, index) => ({ ...first!, epoch: 4 + index }));
        (epochs as object[]).push(...more);
      }
    }
    const points = (chart: Chart) => [valuesOf(chart).length, chart.spec] as const;

    expect(points(learningCurves(long)[0]!)).toMatchObject([398, { mark: { point: true } }]);
    for (const { runs } of long.cells) {
      for (const { epochs } of runs) (epochs as object[]).push({ ...epochs[0]!, epoch: 200 });
    }
    expect(points(learningCurves(long)[0]!)).toMatchObject([400, { mark: { point: false } }]);
  });

  test('a mean ends where the first seed ends, and leaves out epochs that lack the figure', () => {
    const entry = (epoch: number, loss: unknown) => ({ stage: 'x', epoch, loss }) as never;
    const runs = [
      [entry(1, 1), entry(2, null), entry(3, 5), entry(4, 9)],
      [entry(1, 2), entry(2, 4), entry(3, 8)],
    ];

    expect(meanByEpoch(runs, 'loss')).toEqual([
      { epoch: 1, value: 1.5 },
      { epoch: 3, value: 6.5 },
    ]);
  });
});

describe('a model looks alike in every chart', () => {
  const many = {
    ...comparison,
    cells: Array.from({ length: 26 }, (_, index) => ({
      ...comparison.cells[0]!,
      model: `m${index}`,
    })),
  };
  const looks = (names: readonly string[]) => {
    const { color, strokeDash } = modelEncoding(
      many,
      names.map((model) => ({ model })),
    );
    expect(color).toMatchObject({ field: 'model', type: 'nominal', scale: { domain: names } });
    expect(strokeDash).toMatchObject({ field: 'model', type: 'nominal', scale: { domain: names } });
    return names.map((_, index) => [color.scale.range[index], strokeDash.scale.range[index]]);
  };
  const all = many.cells.map(({ model }) => model);

  test('by its place in the comparison, whatever is shown beside it', () => {
    const known = looks(all);

    expect(looks(['m9', 'm2'])).toEqual([known[9], known[2]]);
    expect(modelEncoding(many, [{ model: 'm1' }, { model: 'm1' }]).color.scale.domain).toEqual([
      'm1',
    ]);
  });

  test('24 models look different: eight colours, three dashes, and then from the start', () => {
    const known = looks(all);

    expect(new Set(known.slice(0, 24).map((look) => JSON.stringify(look))).size).toBe(24);
    expect(new Set(known.slice(0, 8).map(([, dash]) => JSON.stringify(dash)))).toEqual(
      new Set(['[1,0]']),
    );
    // A dash has a length and a gap.
    for (const [, dash] of known) expect(dash).toHaveLength(2);
    expect(known.slice(24)).toEqual(known.slice(0, 2));
  });
});

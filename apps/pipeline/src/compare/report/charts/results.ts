import type { Chart } from '../../../report/chart.ts';
import type { Comparison } from '../../comparison.ts';
import { allModels, relativeGainOf } from '../cells-of.ts';

/** The first metric of each model, with its standard error over seeds. */
export function resultChart(comparison: Comparison): Chart {
  const metric = comparison.metrics[0]!;
  const values = allModels(comparison).map(({ encoder, model, test }) => {
    const { mean, standardError } = test[metric]!;
    return {
      encoder,
      model,
      mean,
      low: mean - (standardError ?? 0),
      high: mean + (standardError ?? 0),
    };
  });
  return {
    title: `Test ${metric}`,
    aid: 'Further right is better; bars are one standard error over seeds to either side.',
    spec: intervals(values, `test ${metric}`),
  };
}

/** What each strategy gains, with its 95 % interval over users; undefined if no gain is a share of anything. */
export function gainChart(comparison: Comparison): Chart | undefined {
  const metric = comparison.metrics[0]!;
  const values = allModels(comparison).flatMap((cell) => {
    const relative = relativeGainOf(comparison, cell, metric);
    if (!relative || relative.gain === null || relative.interval === null) return [];
    const [low, high] = relative.interval;
    return { encoder: cell.encoder, model: cell.model, mean: relative.gain, low, high };
  });
  if (values.length === 0) return undefined;
  return {
    title: `Gain in test ${metric} over pretrained`,
    aid: 'An interval (95 %, over users) that leaves out 0 differs from the baseline by itself, before any correction for how many were tried.',
    spec: intervals(values, 'relative gain', '+.1%'),
  };
}

interface Interval {
  readonly encoder: string;
  readonly model: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

function intervals(values: readonly Interval[], title: string, format = '.3f'): Chart['spec'] {
  const y = { field: 'model', type: 'nominal', sort: null, title: null } as const;
  const x = {
    field: 'low',
    type: 'quantitative',
    title,
    scale: { zero: false },
    axis: { format },
  } as const;
  return {
    data: { values: [...values] },
    facet: { row: { field: 'encoder', type: 'nominal', sort: null } },
    spec: {
      width: 520,
      layer: [
        { mark: { type: 'rule', color: '#555555' }, encoding: { y, x, x2: { field: 'high' } } },
        {
          mark: { type: 'point', filled: true, size: 60, color: '#0072B2' },
          encoding: { y, x: { ...x, field: 'mean' } },
        },
      ],
    },
    resolve: { scale: { y: 'independent' } },
  };
}

import type { Chart } from '../../../report/chart.ts';
import type { Comparison } from '../../comparison.ts';
import { baselineOf } from '../cells-of.ts';

const x = {
  field: 'size',
  type: 'quantitative',
  scale: { type: 'log' },
  title: 'pool size K',
  axis: { grid: false },
} as const;

const facet = { field: 'encoder', type: 'nominal', sort: null } as const;

type SweepValues = ReturnType<typeof sweepValues>;

/** The first metric and the rate of false negatives against the pool size. */
export function sweepCharts(comparison: Comparison): readonly Chart[] {
  const metric = comparison.metrics[0]!;
  const cells = comparison.cells.filter(({ sweepPoolSize }) => sweepPoolSize !== undefined);
  if (cells.length === 0) return [];
  const isKnown = cells.some(({ negatives }) => typeof negatives?.falseNegativeRate === 'number');
  const values = sweepValues(comparison, cells, isKnown);
  return [
    {
      title: `Test ${metric} by pool size`,
      aid: 'The dashed line is the pretrained encoder; bars are one standard error over seeds.',
      spec: metricSpec(values, metric),
    },
    {
      title: isKnown ? 'False negatives by pool size' : 'Held-out items drawn by pool size',
      aid: 'Small pools hold the items that the user likes best, so draws from them are false most often.',
      spec: rateSpec(values),
    },
  ];
}

function sweepValues(comparison: Comparison, cells: Comparison['cells'], isKnown: boolean) {
  const metric = comparison.metrics[0]!;
  return cells.map(({ encoder, sweepPoolSize, test, negatives }) => {
    const { mean, standardError } = test[metric]!;
    return {
      encoder,
      size: sweepPoolSize,
      mean,
      low: mean - (standardError ?? 0),
      high: mean + (standardError ?? 0),
      rate: isKnown ? negatives?.falseNegativeRate : negatives?.heldOutRate,
      baseline: baselineOf(comparison, encoder).test[metric]!.mean,
    };
  });
}

function metricSpec(values: SweepValues, metric: string): Chart['spec'] {
  const y = (field: string) =>
    ({ field, type: 'quantitative', title: `test ${metric}`, scale: { zero: false } }) as const;
  return {
    data: { values },
    facet,
    columns: 2,
    spec: {
      width: 330,
      height: 240,
      layer: [
        {
          mark: { type: 'line', strokeDash: [4, 4], color: '#555555' },
          encoding: { x, y: y('baseline') },
        },
        {
          mark: { type: 'rule', color: '#0072B2' },
          encoding: { x, y: y('low'), y2: { field: 'high' } },
        },
        {
          mark: { type: 'line', point: true, color: '#0072B2' },
          encoding: { x, y: y('mean') },
        },
      ],
    },
  };
}

function rateSpec(values: SweepValues): Chart['spec'] {
  return {
    data: { values },
    width: 330,
    height: 240,
    mark: { type: 'line', point: true, color: '#D55E00' },
    encoding: {
      facet: { ...facet, columns: 2 },
      x,
      y: {
        field: 'rate',
        type: 'quantitative',
        title: 'share of drawn negatives',
        axis: { format: '.2~%' },
      },
    },
  };
}

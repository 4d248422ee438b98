import type { Chart } from '../report/chart.ts';
import type { CheckReport } from './check-report.ts';

const colour = '#0072B2';

/** Lengths of sequences, popularity of items, and interactions over time where that is known. */
export function checkCharts(report: CheckReport): Chart[] {
  return [lengthChart(report), popularityChart(report), ...activityCharts(report)];
}

function lengthChart({ lengths }: CheckReport): Chart {
  const values = lengths.histogram.map(({ from, to, users }) => ({
    length: from === to ? String(from) : `${from}–${to}`,
    users,
  }));
  return {
    title: 'Lengths of sequences',
    aid: `Users by the number of their interactions; the encoder reads the last ${lengths.maxLength}.`,
    spec: {
      data: { values },
      width: 640,
      height: 220,
      mark: { type: 'bar', color: colour },
      encoding: {
        x: {
          field: 'length',
          type: 'ordinal',
          sort: null,
          title: 'interactions of a user',
          axis: { labelAngle: 0, labelOverlap: true },
        },
        y: { field: 'users', type: 'quantitative', title: 'users' },
      },
    },
  };
}

function popularityChart({ popularity }: CheckReport): Chart {
  return {
    title: 'Popularity of items',
    aid: 'Interactions of each item by its rank, both on logarithmic scales: the steeper, the fewer items have most of them.',
    spec: {
      data: { values: [...popularity.curve] },
      width: 640,
      height: 220,
      mark: { type: 'line', color: colour, point: popularity.curve.length < 50 },
      encoding: {
        x: {
          field: 'rank',
          type: 'quantitative',
          scale: { type: 'log' },
          title: 'rank of the item',
        },
        y: {
          field: 'interactions',
          type: 'quantitative',
          scale: { type: 'log' },
          title: 'interactions',
        },
      },
    },
  };
}

function activityCharts({ times }: CheckReport): Chart[] {
  if (!times) return [];
  const isDated = times.unit !== null;
  return [
    {
      title: 'Interactions over time',
      aid: isDated
        ? 'In parts of the span of equal length, from the dates named, in UTC.'
        : 'In parts of the span of equal length; the times say no dates.',
      spec: {
        data: { values: [...times.activity] },
        width: 640,
        height: 220,
        mark: { type: 'bar', color: colour },
        encoding: {
          x: {
            field: 'from',
            type: 'ordinal',
            sort: null,
            title: null,
            axis: {
              labelAngle: 0,
              labelOverlap: true,
              ...(isDated ? { labelExpr: 'slice(datum.value, 0, 10)' } : {}),
            },
          },
          y: { field: 'interactions', type: 'quantitative', title: 'interactions' },
        },
      },
    },
  ];
}

import type { Chart } from '../../../report/chart.ts';
import type { Comparison } from '../../comparison.ts';
import { allModels, relativeGainOf } from '../cells-of.ts';
import { modelEncoding } from './model-encoding.ts';

const facet = { field: 'encoder', type: 'nominal', sort: null, columns: 2 } as const;

/** How many drawn negatives were false, and whether that goes with the gain. */
export function falseNegativeCharts(comparison: Comparison): readonly Chart[] {
  const metric = comparison.metrics[0]!;
  const cells = allModels(comparison).filter(({ negatives }) => negatives !== undefined);
  if (cells.length === 0) return [];
  const isKnown = cells.some(({ negatives }) => negatives!.falseNegativeRate !== null);
  const title = isKnown ? 'false negatives' : 'held-out items';
  const values = cells.map((cell) => ({
    encoder: cell.encoder,
    model: cell.model,
    rate: isKnown ? cell.negatives!.falseNegativeRate : cell.negatives!.heldOutRate,
    gain: relativeGainOf(comparison, cell, metric)?.gain ?? null,
  }));
  const meaning = isKnown
    ? 'items that the simulated user would have liked'
    : 'items that the user takes later (in the validation or test part): what can be seen of false negatives in logs';
  const rate = {
    field: 'rate',
    type: 'quantitative',
    title: `share of ${title}`,
    axis: { format: '.2~%' },
  } as const;
  const { color } = modelEncoding(comparison, values);
  const gains = values.filter(({ gain }) => gain !== null);
  const drawn: Chart = {
    title: `Share of drawn negatives that are ${title}`,
    aid: `Counted are ${meaning}.`,
    spec: {
      data: { values },
      width: 330,
      mark: { type: 'bar', color: '#0072B2' },
      encoding: {
        facet,
        y: { field: 'model', type: 'nominal', sort: null, title: null },
        x: rate,
      },
    },
  };
  const withGains: Chart = {
    title: `${title[0]!.toUpperCase()}${title.slice(1)} and gain`,
    aid: `If ${title} were all that matters, points would fall from left to right.`,
    spec: {
      data: { values: gains },
      width: 330,
      height: 240,
      mark: { type: 'point', filled: true, size: 90 },
      encoding: { facet, x: rate, y: gainAxis(metric), color },
    },
  };
  return gains.length === 0 ? [drawn] : [drawn, withGains];
}

const gainAxis = (metric: string) =>
  ({
    field: 'gain',
    type: 'quantitative',
    title: `gain in test ${metric}`,
    axis: { format: '+.1%' },
  }) as const;

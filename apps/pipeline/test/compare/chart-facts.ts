import type { Cell, Comparison } from '../../src/compare/comparison.ts';
import type { Chart } from '../../src/report/chart.ts';

/** What a chart draws, as a list of what stands in it. */
export const valuesOf = ({ spec }: Chart) => (spec.data as { values: object[] }).values;

export const compared = ({ cells }: Comparison) =>
  cells.filter(({ sweepPoolSize }) => !sweepPoolSize);

export const strategiesOf = (all: Comparison) =>
  compared(all).filter(({ model }) => model !== 'pretrained');

export const meanOf = ({ test: figures }: Cell) => figures['ndcg@5']!.mean;

export const baselineOf = ({ cells }: Comparison, { encoder }: Cell) =>
  cells.find((cell) => cell.encoder === encoder && cell.model === 'pretrained')!;

export const byEncoder = { field: 'encoder', type: 'nominal', sort: null };

export const quantity = (field: string) => ({ field, type: 'quantitative' });

/** Means lie close together: an axis from 0 on would show them as equals. */
export const closeUp = { scale: { zero: false } };

import { textTable } from '../report/text-table.ts';
import type { Summary } from './evaluate.ts';

const columns = ['model', 'NDCG@5', 'gain', 'MRR@5', 'gain', 'false negatives', 'held-out drawn'];

/** The summary as a text table: test figures, gains over pretraining, rates of wrong negatives. */
export function summaryTable(summary: Summary): string {
  const rows = Object.entries(summary).map(([name, { test, gain, negatives }]) => [
    name,
    figure(test['ndcg@5']),
    signed(gain['ndcg@5']),
    figure(test['mrr@5']),
    signed(gain['mrr@5']),
    percent(negatives?.falseNegativeRate),
    percent(negatives?.heldOutRate),
  ]);
  return textTable({ columns, rows });
}

function figure(value = Number.NaN): string {
  return value.toFixed(4);
}

function signed(share = Number.NaN): string {
  if (Number.isNaN(share) || share === 0) return '–';
  return `${share > 0 ? '+' : ''}${(100 * share).toFixed(2)} %`;
}

function percent(share = Number.NaN): string {
  return Number.isNaN(share) ? '–' : `${(100 * share).toFixed(2)} %`;
}

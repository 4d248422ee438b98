import { maskedPrefix } from '../ranking/both-metrics.ts';
import { textTable } from '../report/text-table.ts';
import type { Summary } from './evaluate.ts';

/**
 * The summary as text: test figures and gains over pretraining with the history in the ranking, and rates of
 * wrong negatives; then the figures with the history left out.
 */
export function summaryTable(summary: Summary): string {
  const rows = Object.entries(summary);
  const metrics = (prefix: string) =>
    rows.map(([name, { test, gain }]) => [
      name,
      ...['ndcg@5', 'mrr@5'].flatMap((metric) => [
        figure(test[prefix + metric]),
        signed(gain[prefix + metric]),
      ]),
    ]);
  const rates = rows.map(([, { negatives }]) => [
    percent(negatives?.falseNegativeRate),
    percent(negatives?.heldOutRate),
  ]);
  const figures = ['model', 'NDCG@5', 'gain', 'MRR@5', 'gain'];
  const all = metrics('').map((cells, row) => [...cells, ...rates[row]!]);
  return [
    textTable({ columns: [...figures, 'false negatives', 'held-out drawn'], rows: all }),
    'With the history left out of the ranking:',
    textTable({ columns: figures, rows: metrics(maskedPrefix) }),
  ].join('\n\n');
}

function figure(value = Number.NaN): string {
  return value.toFixed(4);
}

function signed(share: number | null = null): string {
  if (share === null || Number.isNaN(share) || share === 0) return '–';
  return `${share > 0 ? '+' : ''}${(100 * share).toFixed(2)} %`;
}

function percent(share = Number.NaN): string {
  return Number.isNaN(share) ? '–' : `${(100 * share).toFixed(2)} %`;
}

import { meanAndError, percent, percentGain } from '../../report/format.ts';
import { textTable } from '../../report/text-table.ts';
import { maskedPrefix } from '../../stages/evaluate-model.ts';
import type { Cell, Comparison } from '../comparison.ts';
import { modelsOf } from './cells-of.ts';

/**
 * What a comparison found, for a terminal: test figures of each encoder's models over seeds, and what they gain,
 * with the history in the ranking and left out of it.
 */
export function comparisonText(comparison: Comparison): string {
  const { encoders, seeds } = comparison;
  const over = seeds.length > 1 ? `means ± standard error over ${seeds.length} seeds` : 'one seed';
  return encoders
    .flatMap(({ name }) => [
      `Encoder ${name}, ${over}, the history in the ranking:`,
      table(comparison, name, ''),
      'The history left out of the ranking:',
      table(comparison, name, maskedPrefix),
    ])
    .join('\n\n');
}

function table(comparison: Comparison, encoder: string, prefix: string): string {
  const metrics = comparison.metrics.slice(0, 2);
  const hasRates = prefix === '';
  const rate = ({ negatives }: Cell) => {
    const known = negatives?.falseNegativeRate ?? null;
    return known === null ? '–' : percent(known);
  };
  return textTable({
    columns: [
      'model',
      ...metrics.flatMap((metric) => [metric.toUpperCase(), 'gain']),
      ...(hasRates ? ['false negatives'] : []),
    ],
    rows: modelsOf(comparison, encoder).map((cell) => [
      cell.model,
      ...metrics.flatMap((metric) => {
        const test = cell.againstBaseline?.[prefix + metric];
        return [meanAndError(cell.test[prefix + metric]!), test ? percentGain(test.gain) : '–'];
      }),
      ...(hasRates ? [rate(cell)] : []),
    ]),
  });
}

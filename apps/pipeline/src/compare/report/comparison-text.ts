import { ruleText } from '../../ranking/rule-text.ts';
import { meanAndError, percentGain } from '../../report/format.ts';
import { textTable } from '../../report/text-table.ts';
import type { Comparison } from '../comparison.ts';
import { modelsOf } from './cells-of.ts';
import { rates } from './tables.ts';
import { metricsOf, type Way, wayNames } from './ways.ts';

/** Metrics that a terminal has room for. */
const mostMetrics = 2;

/**
 * What a comparison found, for a terminal: test figures of each encoder's models over seeds, and what they gain,
 * with the history in the ranking and left out of it; then what rules reach that learn nothing.
 */
export function comparisonText(comparison: Comparison): string {
  const { encoders, seeds, rules, metrics } = comparison;
  const over = seeds.length > 1 ? `means ± standard error over ${seeds.length} seeds` : 'one seed';
  const tables = encoders.flatMap(({ name }) => [
    `Encoder ${name}, ${over}, ${wayNames.all}:`,
    table(comparison, name, 'all'),
    'The history left out of the ranking:',
    table(comparison, name, 'masked'),
  ]);
  return [...tables, `Rules that learn nothing reach ${ruleText(rules, metrics[0]!)}.`].join(
    '\n\n',
  );
}

/** Negatives are the same however users are ranked, and stand in the first table. */
function table(comparison: Comparison, encoder: string, way: Way): string {
  const metrics = metricsOf(comparison, way).slice(0, mostMetrics);
  const hasRates = way === 'all';
  return textTable({
    columns: [
      'model',
      ...comparison.metrics
        .slice(0, mostMetrics)
        .flatMap((metric) => [metric.toUpperCase(), 'gain']),
      ...(hasRates ? ['false negatives'] : []),
    ],
    rows: modelsOf(comparison, encoder).map((cell) => [
      cell.model,
      ...metrics.flatMap((metric) => {
        const test = cell.againstBaseline?.[metric];
        return [meanAndError(cell.test[metric]!), test ? percentGain(test.gain) : '–'];
      }),
      ...(hasRates ? [rates(cell)[0]!] : []),
    ]),
  });
}

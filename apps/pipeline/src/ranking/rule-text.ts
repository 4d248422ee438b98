import { share } from '../report/format.ts';
import { maskedPrefix } from './both-metrics.ts';
import type { RuleFigures } from './rule-figures.ts';

/** `NDCG@5: popularity 0.0152 (history left out 0.0179), …`; what a model has to beat. */
export function ruleText(rules: readonly RuleFigures[], metric: string): string {
  const figures = rules.map(
    ({ name, test }) =>
      `${name} ${share(test[metric]!)} (history left out ${share(test[maskedPrefix + metric]!)})`,
  );
  return `${metric.toUpperCase()}: ${figures.join(', ')}`;
}

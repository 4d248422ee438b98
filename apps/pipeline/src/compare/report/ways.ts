import { maskedPrefix } from '../../ranking/both-metrics.ts';
import type { Comparison } from '../comparison.ts';

/** How users are ranked: among all items, or with their history left out. */
export const ways = ['all', 'masked'] as const;

export type Way = (typeof ways)[number];

export const wayNames: Readonly<Record<Way, string>> = {
  all: 'the history in the ranking',
  masked: 'the history left out of the ranking',
};

/** The comparison's metrics, by the names that figures of one way have. */
export const metricsOf = ({ metrics }: Pick<Comparison, 'metrics'>, way: Way): readonly string[] =>
  way === 'all' ? metrics : metrics.map((metric) => maskedPrefix + metric);

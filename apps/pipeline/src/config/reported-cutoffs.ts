import type { Config } from './config.ts';

/** The cutoffs asked for, and the two that model selection (10) and the table (5) read. */
export function reportedCutoffs({ evaluate }: Pick<Config, 'evaluate'>): number[] {
  return [...new Set([5, 10, ...evaluate.cutoffs])].sort((a, b) => a - b);
}

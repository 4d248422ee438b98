export { hitAt } from './hit-at.ts';
export { mrrAt } from './mrr-at.ts';
export { ndcgAt } from './ndcg-at.ts';
export { rankMetrics } from './rank-metrics.ts';
export { rankOfTarget } from './rank-of-target.ts';
export { relativeGain } from './relative-gain.ts';

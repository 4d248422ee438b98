import type { z } from 'zod';
import type { comparisonSettings } from './settings.ts';

/**
 * What is compared if nobody says what: the ways to draw a negative, on a simulated storefront, beside a
 * control that trains on without any. An encoder so small that all seeds take about a minute.
 */
export const defaultComparison: z.input<typeof comparisonSettings> = {
  title: 'Ways to draw a negative, on a simulated storefront',
  base: {
    data: { source: 'simulator', images: false },
    encoder: { maxLength: 30, dimension: 32, blockCount: 1 },
    batch: { rowLength: 32, rowCount: 48, blockSize: 512 },
    pretrain: { learningRate: 2e-3, maxEpochs: 40, patience: 3 },
    align: { beta: 3, learningRate: 3e-4, maxEpochs: 4, patience: 2 },
  },
  seeds: [1, 2, 3],
  strategies: [
    { name: 'control', loss: 'none' },
    { name: 'uniform', negatives: { from: 'catalogue' } },
    { name: 'hard', negatives: { from: 'pool', size: 1 } },
    { name: 'stochastic', negatives: { from: 'pool', size: 500 } },
  ],
  metrics: ['ndcg@5', 'mrr@5'],
};

import type { z } from 'zod';
import type { comparisonSettings } from './settings.ts';

/** What is compared if nobody says what: every kind of negatives, on a small simulated storefront. */
export const defaultComparison: z.input<typeof comparisonSettings> = {
  title: 'A small comparison on a simulated storefront',
  base: {
    data: { source: 'simulator', userCount: 600, itemCount: 300, images: false },
    encoder: { maxLength: 20, dimension: 32 },
    batch: { rowLength: 32, rowCount: 24, blockSize: 256 },
    pretrain: { learningRate: 2e-3, maxEpochs: 40, patience: 5 },
    align: { maxEpochs: 5, patience: 2 },
  },
  seeds: [1, 2, 3],
  strategies: [
    { name: 'control', loss: 'none' },
    { name: 'uniform', negatives: { from: 'catalogue' } },
    { name: 'popularity', negatives: { from: 'popularity' } },
    { name: 'batch', negatives: { from: 'batch' } },
    { name: 'hard', negatives: { from: 'pool', size: 1 } },
    { name: 'stochastic', negatives: { from: 'pool', size: 20 } },
    { name: 'softmax', loss: 'softmax-dpo', count: 3, negatives: { from: 'catalogue' } },
  ],
  sweep: { strategy: 'stochastic', poolSizes: [5, 50] },
};

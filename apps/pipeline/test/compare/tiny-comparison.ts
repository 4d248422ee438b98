import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CompareConfig, parseCompareConfig } from '../../src/compare/compare-config.ts';
import type { Comparison } from '../../src/compare/comparison.ts';
import { isQuick } from '../tier.ts';

/** Two seeds, two strategies, two trials each; a moment to train. */
const tinySettings = {
  title: 'tiny',
  base: {
    engine: isQuick ? { threads: 1 } : {},
    data: { source: 'simulator', userCount: isQuick ? 100 : 150, itemCount: 100, images: false },
    encoder: { maxLength: 8, dimension: 8, blockCount: 1, headCount: 2 },
    batch: { rowLength: 16, rowCount: 16, blockSize: 64 },
    pretrain: { learningRate: 5e-3, dropout: 0.1, maxEpochs: 3 },
    align: { maxEpochs: 2 },
  },
  seeds: [1, 2],
  strategies: [
    { name: 'uniform', negatives: { from: 'catalogue' } },
    { name: 'stochastic', negatives: { from: 'pool', size: 10 } },
  ],
  tuning: { trials: 2, space: { learningRate: [1e-3, 3e-3], poolSize: [5, 20] } },
  metrics: ['ndcg@5', 'hit@10'],
};

/** The tiny comparison, in a folder of its own. */
export async function tinyComparison(changes: object = {}): Promise<CompareConfig> {
  const output = join(await mkdtemp(join(tmpdir(), 'rodpo-compare-')), 'compare');
  return parseCompareConfig({ output, ...tinySettings, ...changes }, 'the test');
}

/** What must be the same wherever and whenever a comparison is made: all but times and memory. */
export function comparable({ cells, trials, encoders }: Comparison): unknown {
  return {
    trials,
    encoders,
    cells: cells.map(({ runs, ...cell }) => ({
      ...cell,
      runs: runs.map(({ trainSeconds, rankSeconds, peakMemoryBytes, epochs, ...run }) => ({
        ...run,
        epochs: epochs.map(({ seconds, examplesPerSecond, ...figures }) => figures),
      })),
    })),
  };
}

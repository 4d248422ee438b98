import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Config, parseConfig } from '../../src/config/config.ts';

const pool = (size: number) => ({ from: 'pool', size });

/** Every way of drawing, each from the same pretrained model; no dropout. */
const strategies = (poolSize: number) => [
  { name: 'uniform', negatives: { from: 'catalogue' } },
  { name: 'hard', negatives: pool(1) },
  { name: 'stochastic', negatives: pool(poolSize) },
  { name: 'popularity', negatives: { from: 'popularity', exponent: 0.75 } },
  { name: 'batch', negatives: { from: 'batch' } },
  { name: 'several', loss: 'softmax-dpo', count: 3, negatives: pool(Math.max(3, poolSize)) },
];

/**
 * At least 50 steps of every stage. Where two scores of a pool are equal but for rounding, an engine may
 * draw the other, and all that follows is other. Rounding is largest after gBCE, and scores lie closer
 * from the third on: its pools are small (`closestScores` of the golden says how close they came).
 */
export const goldenRuns = {
  softmax: { loss: { kind: 'softmax' }, strategies: strategies(10), alignEpochs: 8 },
  gbce: {
    loss: { kind: 'gbce', negatives: 4, calibration: 0.75, offset: 'none' },
    strategies: strategies(2),
    alignEpochs: 6,
  },
} as const;

export async function goldenConfig(run: keyof typeof goldenRuns): Promise<Config> {
  const path = fileURLToPath(new URL('sequences.txt', import.meta.url));
  const { loss, strategies, alignEpochs } = goldenRuns[run];
  const settings = {
    output: join(await mkdtemp(join(tmpdir(), 'rodpo-')), 'run'),
    data: { source: 'sequences', path },
    kCore: { minUserInteractions: 1, minItemInteractions: 1 },
    encoder: { maxLength: 8, dimension: 16, blockCount: 2, headCount: 2 },
    batch: { rowLength: 16, rowCount: 6, blockSize: 32 },
    pretrain: { loss, learningRate: 5e-3, dropout: 0, maxEpochs: 8, patience: 4 },
    align: {
      ...{ learningRate: 2e-3, dropout: 0, beta: 0.5, crossEntropyWeight: 0.5 },
      ...{ maxEpochs: alignEpochs, patience: 5, strategies },
    },
  };
  return parseConfig(settings, 'the golden run');
}

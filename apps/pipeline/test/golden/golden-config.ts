import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Config, parseConfig } from '../../src/config/config.ts';

const pool = (size: number) => ({ from: 'pool', size });

/** Every way of drawing, each from the same pretrained model; no dropout. */
const everyStrategy = [
  { name: 'uniform', negatives: { from: 'catalogue' } },
  { name: 'hard', negatives: pool(1) },
  { name: 'stochastic', negatives: pool(10) },
  { name: 'popularity', negatives: { from: 'popularity', exponent: 0.75 } },
  { name: 'batch', negatives: { from: 'batch' } },
  { name: 'several', loss: 'softmax-dpo', count: 3, negatives: pool(10) },
];

/** Pools only in one: where two scores are equal but for rounding, an engine may draw the other. */
export const goldenRuns = {
  softmax: { loss: { kind: 'softmax' }, strategies: everyStrategy },
  gbce: {
    loss: { kind: 'gbce', negatives: 4, calibration: 0.75 },
    strategies: everyStrategy.filter(({ negatives }) => negatives.from !== 'pool'),
  },
} as const;

export async function goldenConfig(run: keyof typeof goldenRuns): Promise<Config> {
  const path = fileURLToPath(new URL('sequences.txt', import.meta.url));
  const { loss, strategies } = goldenRuns[run];
  const settings = {
    output: join(await mkdtemp(join(tmpdir(), 'rodpo-')), 'run'),
    data: { source: 'sequences', path },
    kCore: { minUserInteractions: 1, minItemInteractions: 1 },
    encoder: { maxLength: 8, dimension: 16, blockCount: 2, headCount: 2 },
    batch: { rowLength: 16, rowCount: 6, blockSize: 32 },
    pretrain: { loss, learningRate: 5e-3, dropout: 0, maxEpochs: 8, patience: 3 },
    align: {
      ...{ learningRate: 2e-3, dropout: 0, beta: 0.5, crossEntropyWeight: 0.5 },
      ...{ maxEpochs: 6, patience: 2, strategies },
    },
  };
  return parseConfig(settings, 'the golden run');
}

import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, parseConfig } from '../src/config/config.ts';
import { plainReporter, type Reporter } from '../src/run/reporter.ts';
import { openRun, type Run } from '../src/run/run.ts';
import { isQuick } from './tier.ts';

/** Small enough for every stage to take a moment, large enough to learn something. */
const tiny = {
  data: { source: 'simulator', userCount: 200, itemCount: 120, images: false },
  encoder: { maxLength: 12, dimension: 16, blockCount: 1, headCount: 2 },
  batch: { rowLength: 16, rowCount: 16, blockSize: 64 },
  pretrain: { learningRate: 5e-3, dropout: 0.1, maxEpochs: 6 },
  align: {
    maxEpochs: 2,
    strategies: [
      { name: 'uniform', negatives: { from: 'catalogue' } },
      { name: 'hard', negatives: { from: 'pool', size: 1 } },
      { name: 'stochastic', negatives: { from: 'pool', size: 20 } },
    ],
  },
};

export async function tinyConfig(changes: Record<string, object> = {}): Promise<Config> {
  const merged: Record<string, object> = { ...tiny };
  for (const [section, settings] of Object.entries(changes)) {
    merged[section] = { ...merged[section], ...settings };
  }
  const output = join(await mkdtemp(join(tmpdir(), 'rodpo-')), 'run');
  return parseConfig({ output, engine: isQuick ? { threads: 1 } : {}, ...merged }, 'the test');
}

export const silent: Reporter = plainReporter(() => {});

export async function tinyRun(changes?: Record<string, object>): Promise<Run> {
  return openRun(await tinyConfig(changes), silent);
}

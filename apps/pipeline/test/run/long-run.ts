import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface LongRunOptions {
  readonly pretrainEpochs: number;
  readonly alignEpochs: number;
}

/** A config file in a folder of its own: small steps, as many epochs as asked for. */
export async function longRun({ pretrainEpochs, alignEpochs }: LongRunOptions): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rodpo-long-'));
  const config = join(folder, 'config.json');
  await writeFile(
    config,
    JSON.stringify({
      engine: { threads: 1 },
      data: { source: 'simulator', userCount: 150, itemCount: 80, images: false },
      encoder: { maxLength: 12, dimension: 8, blockCount: 1, headCount: 1 },
      batch: { rowLength: 16, rowCount: 8, blockSize: 128 },
      pretrain: { maxEpochs: pretrainEpochs, patience: pretrainEpochs },
      align: {
        maxEpochs: alignEpochs,
        patience: alignEpochs,
        strategies: [{ name: 'stochastic', negatives: { from: 'pool', size: 10 } }],
      },
    }),
  );
  return config;
}

/** A small run on data with everything that goes wrong in packing, and weights that matter. */

import { gaussianRandom, seededRandom } from '@rodpo/random';
import { matrixTastes, type Weights, type Workspace } from '@rodpo/recipe';
import type { Config } from '../../src/config/config.ts';
import type { Dataset } from '../../src/data/dataset.ts';
import { createEngine } from '../../src/engine/engine.ts';
import { openRun, type Run } from '../../src/run/run.ts';
import { type RunWorkspace, workspaceOf } from '../../src/stages/workspace.ts';
import { isQuick } from '../tier.ts';
import { silent, tinyConfig } from '../tiny-run.ts';
import { type WatchedEngine, watchedEngine } from '../watched-engine.ts';
import type { Plain, Sizes } from './encode-sequence.ts';

const itemCount = 26;

const small = { dimension: 8, blockCount: 2 };
const smallest = { dimension: 4, blockCount: 1 };

/** Users long and short: of 1 and 3 items there is nothing to learn, of 14 the first are not read. */
const lengths = [7, 3, 14, 4, 9, 1, 6, 5, 12, 4, 8];

function smallDataset(): Dataset {
  const random = seededRandom(11);
  const draw = () => Math.floor(random() * itemCount);
  const sequences = lengths.map((length) => Int32Array.from({ length }, draw));
  sequences[4]![5] = sequences[4]![3]!; // chosen twice, and both are read
  sequences[8]![10] = sequences[8]![8]!; // the validation item is known
  const liked = Uint8Array.from({ length: lengths.length * itemCount }, () =>
    random() < 0.3 ? 1 : 0,
  );
  return {
    userIds: lengths.map((_, user) => `user${user}`),
    itemIds: Array.from({ length: itemCount }, (_, item) => `item${item}`),
    sequences,
    tastes: matrixTastes(liked, itemCount),
  };
}

export interface SmallRun {
  readonly run: Run;
  readonly engine: WatchedEngine;
  readonly dataset: Dataset;
  readonly workspace: RunWorkspace;
  readonly sizes: Sizes;
}

export async function smallRun(
  kind: Config['engine']['kind'],
  changes: Record<string, object> = {},
): Promise<SmallRun> {
  const config = await tinyConfig({
    engine: { kind, threads: 1 },
    evaluate: { cutoffs: [5, 10] },
    ...changes,
    encoder: { ...(isQuick ? smallest : small), maxLength: 5, headCount: 2, ...changes.encoder },
    batch: { rowLength: 8, rowCount: 2, blockSize: 4, ...changes.batch },
  });
  const opened = await openRun(config, silent);
  const engine = watchedEngine(await createEngine(config.engine, () => {}));
  const run = { ...opened, engine };
  const dataset = smallDataset();
  const { dimension, blockCount, headCount } = config.encoder;
  const norm = config.encoder.kind === 'transformer' ? config.encoder.norm : 'post';
  const sizes = { dimension, blockCount, headCount, norm };
  return { run, engine, dataset, workspace: await workspaceOf(run, dataset), sizes };
}

/** Far from where training starts: attention has preferences and scores have margins. */
export function sharpWeights({ encoder }: Pick<Workspace, 'encoder'>, seed: number): Weights {
  const normal = gaussianRandom(seededRandom(seed));
  const centre = (name: string) => (name.endsWith('.scale') ? 1 : 0);
  const spread = (name: string) => (/\.(bias|offset|scale)$/.test(name) ? 0.2 : 0.4);
  return Object.fromEntries(
    Object.entries(encoder.initialize(() => 0)).map(([name, { shape, data }]) => [
      name,
      { shape, data: data.map(() => centre(name) + spread(name) * normal()) },
    ]),
  );
}

/** The float32 weights as they are, in float64. */
export function plain(weights: Weights): Plain {
  return Object.fromEntries(
    Object.entries(weights).map(([name, { data }]) => [name, Float64Array.from(data)]),
  );
}

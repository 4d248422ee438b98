import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from '@rodpo/files';
import { manifestFile } from '../store/manifest.ts';
import type { ShardBuilder } from '../store/shard-builder.ts';
import { writeShard } from '../store/write-shard.ts';
import { existingShard } from './existing-shard.ts';
import type { ShardSettings } from './shard-settings.ts';
import type { WantedShard } from './wanted-shard.ts';

/** So often may whoever completes the store come between. */
const attempts = 3;

/** Writes a shard, unless another worker has made the same one meanwhile. */
export async function saveShard(
  shard: WantedShard,
  { ids, failures, vectors }: ShardBuilder,
  settings: ShardSettings,
): Promise<void> {
  const { folder, force, retryFailures } = settings;
  const { description, dimension, inputs } = shard;
  const content = { description, dimension, ids, failures, inputs };
  for (let attempt = 1; !(await existingShard(shard, settings)); attempt++) {
    await settings.beforeSave?.();
    try {
      await writeShard(folder, shard.index, content, vectors());
      // Of the shard that was replaced, if somebody completed the store with that one meanwhile.
      if (force || retryFailures) await rm(join(folder, manifestFile), { force: true });
      return;
    } catch (error) {
      // Whoever completes the store sweeps away partial files, for every shard is there by then: this one, or
      // the one that it is to replace.
      if (!isMissing(error) || attempt === attempts) throw error;
    }
  }
}

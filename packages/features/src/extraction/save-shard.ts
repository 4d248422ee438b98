import { isMissing } from '@rodpo/files';
import type { ShardBuilder } from '../store/shard-builder.ts';
import { writeShard } from '../store/write-shard.ts';
import { existingShard } from './existing-shard.ts';
import type { ShardSettings } from './shard-settings.ts';
import type { WantedShard } from './wanted-shard.ts';

/** Writes a shard, unless another worker has made the same one meanwhile. */
export async function saveShard(
  shard: WantedShard,
  { ids, failures, vectors }: ShardBuilder,
  settings: ShardSettings,
): Promise<void> {
  if (await existingShard(shard, settings)) return;
  await settings.beforeSave?.();
  const { description, dimension, inputs } = shard;
  const content = { description, dimension, ids, failures, inputs };
  try {
    await writeShard(settings.folder, shard.index, content, vectors());
  } catch (error) {
    // Whoever completes the store sweeps away partial files, for every shard is there by then.
    const isThere =
      isMissing(error) && (await existingShard(shard, { ...settings, retryFailures: false }));
    if (!isThere) throw error;
  }
}

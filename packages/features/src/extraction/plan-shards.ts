import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { quote } from '@rodpo/errors';
import type { Embedder } from '../embedder.ts';
import type { Item, ItemSource } from '../item.ts';
import { manifestFile } from '../store/manifest.ts';
import type { ShardHead } from '../store/read-shard.ts';
import { existingShard } from './existing-shard.ts';
import { ExtractionError } from './extraction-error.ts';
import type { ShardSettings } from './shard-settings.ts';
import { readItems, type WantedShard, wantedShard } from './wanted-shard.ts';

/** What is to be done for a shard, a batch at a time; or a shard that needs no work. */
export type Task<Input> =
  | { readonly shard: WantedShard; readonly kept: ShardHead }
  | {
      readonly shard: WantedShard;
      readonly kept?: undefined;
      readonly batch: readonly Item<Input>[];
    };

/** Reads the shards' items and cuts them into batches, none of which reaches across shards. */
export async function* planShards<Input>(
  source: ItemSource<Input>,
  embedder: Embedder<Input>,
  indexes: Iterable<number>,
  settings: ShardSettings,
): AsyncGenerator<Task<Input>, void> {
  const { folder, shardSize, batchSize } = settings;
  const checkIds = idChecker();
  for (const index of indexes) {
    settings.signal?.throwIfAborted();
    const items = await readItems(source, index, shardSize);
    checkIds(items);
    const shard = wantedShard(embedder, index, items);
    const kept = await existingShard(shard, settings);
    if (kept) {
      yield { shard, kept };
      continue;
    }
    // A manifest says that all is complete, which is about to be untrue.
    await rm(join(folder, manifestFile), { force: true });
    for (let start = 0; start < items.length; start += batchSize) {
      yield { shard, batch: items.slice(start, start + batchSize) };
    }
  }
}

/** Duplicates are found before work is spent on them, as far as this run sees the catalogue. */
function idChecker(): (items: readonly Item<unknown>[]) => void {
  const seen = new Set<string>();
  return (items) => {
    for (const { id } of items) {
      if (seen.has(id)) {
        const advice = 'Give every item an id of its own.';
        throw new ExtractionError(`Item ${quote(id)} occurs twice. ${advice}`, [id]);
      }
      seen.add(id);
    }
  };
}

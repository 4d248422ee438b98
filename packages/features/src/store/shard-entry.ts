import type { ShardEntry } from './manifest.ts';
import { damagedShard, headOf, tensorName, withShard } from './read-shard.ts';
import { shardHash } from './shard.ts';
import { shardFile } from './shard-range.ts';

/**
 * What the manifest says of a shard, from reading all of its file.
 *
 * @throws {StoreError} if the shard is missing or does not fit its own checksum
 */
export async function shardEntry(folder: string, index: number): Promise<ShardEntry> {
  const entry = await withShard(folder, index, async (opened) => {
    const { ids, rows, columns, metadata, bytes } = headOf(opened);
    const numbers = new Float32Array(rows * columns);
    await opened.read(tensorName, numbers);
    if (shardHash(metadata).update(numbers).digest('hex') !== metadata.checksum) {
      throw damagedShard(folder, index, 'does not fit its own checksum');
    }
    return { file: shardFile(index), bytes, sha256: await opened.sha256(), ids };
  });
  if (!entry) throw damagedShard(folder, index, 'vanished');
  return entry;
}

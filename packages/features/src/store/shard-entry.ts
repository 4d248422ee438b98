import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { ShardEntry } from './manifest.ts';
import { damagedShard, type ShardHead, withShard } from './read-shard.ts';
import { shardHash } from './shard.ts';
import { shardFile } from './shard-range.ts';

const chunkBytes = 1 << 20;

/**
 * What the manifest says of a shard, from reading all of its file.
 *
 * @throws {StoreError} if the shard is missing or does not fit its own checksum
 */
export async function shardEntry(folder: string, index: number): Promise<ShardEntry> {
  const entry = await withShard(folder, index, async (head, handle) => {
    const { bytes, sha256, checksum } = await hashFile(head, handle);
    if (checksum !== head.metadata.checksum) {
      throw damagedShard(folder, index, 'does not fit its own checksum');
    }
    return { file: shardFile(index), bytes, sha256, ids: head.ids };
  });
  if (!entry) throw damagedShard(folder, index, 'vanished');
  return entry;
}

async function hashFile({ bodyStart, metadata }: ShardHead, handle: FileHandle) {
  const file = createHash('sha256');
  const content = shardHash(metadata);
  const chunk = Buffer.allocUnsafe(chunkBytes);
  let bytes = 0;
  for (;;) {
    const { bytesRead } = await handle.read(chunk, 0, chunkBytes, bytes);
    if (bytesRead === 0) break;
    const read = chunk.subarray(0, bytesRead);
    file.update(read);
    content.update(read.subarray(Math.max(0, bodyStart - bytes)));
    bytes += bytesRead;
  }
  return { bytes, sha256: file.digest('hex'), checksum: content.digest('hex') };
}

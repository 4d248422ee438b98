import { join } from 'node:path';
import { writeSafetensors } from '@rodpo/files';
import { tensorName } from './read-shard.ts';
import { type ShardContent, shardMetadata } from './shard.ts';
import { shardFile } from './shard-range.ts';

/**
 * Writes a shard, which appears whole or not at all.
 *
 * @param vectors `[content.ids.length, dimension]`, row-major
 */
export async function writeShard(
  folder: string,
  index: number,
  content: ShardContent & { readonly dimension: number },
  vectors: Float32Array,
): Promise<void> {
  const rows = content.ids.length;
  if (vectors.length !== rows * content.dimension) {
    throw new RangeError(
      `${rows} vectors of ${content.dimension} values are expected, got ${vectors.length} values`,
    );
  }
  const numbers = new Uint8Array(vectors.buffer, vectors.byteOffset, vectors.byteLength);
  const metadata = shardMetadata(content, numbers);
  const tensor = { shape: [rows, content.dimension], data: vectors };
  await writeSafetensors(join(folder, shardFile(index)), { [tensorName]: tensor }, metadata);
}

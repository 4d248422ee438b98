import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { ifThere } from './if-there.ts';
import type { Manifest } from './manifest.ts';
import { fileBytes } from './outline-manifest.ts';
import { damagedShard, readHead } from './read-shard.ts';
import { MatrixFormatError, readMatrixRows } from './safetensors.ts';
import { StoreError } from './store-error.ts';

/** Numbers of consecutive rows of a shard into `target`, `[rows, dimension]`. */
export type ReadShardRows = (firstRow: number, target: Float32Array) => Promise<void>;

/**
 * Opens one shard for as long as `use` runs.
 *
 * @throws {StoreError} if its file is missing, damaged, or not the manifest's
 */
export type ShardReader = <Result>(
  index: number,
  use: (read: ReadShardRows) => Promise<Result>,
) => Promise<Result>;

/** Reads shards that a manifest lists. A shard's header is read once. */
export function shardReader(folder: string, manifest: Manifest): ShardReader {
  const columns = manifest.dimension;
  const bodyStarts = new Map<number, number>();
  return async (index, use) => {
    const { file } = manifest.shards[index]!;
    const handle = await ifThere(open(join(folder, file), 'r'));
    if (!handle) throw damagedShard(folder, index, 'is missing');
    try {
      const bodyStart =
        bodyStarts.get(index) ?? (await checkHead(handle, { folder, manifest, index }));
      bodyStarts.set(index, bodyStart);
      return await use((row, target) =>
        readMatrixRows(handle, { columns, bodyStart }, row, target),
      );
    } catch (error) {
      if (!(error instanceof MatrixFormatError)) throw error;
      throw damagedShard(folder, index, error.message);
    } finally {
      await handle.close();
    }
  };
}

/** @returns where the numbers start */
async function checkHead(
  handle: FileHandle,
  { folder, manifest, index }: { folder: string; manifest: Manifest; index: number },
): Promise<number> {
  const { file, bytes, ids } = manifest.shards[index]!;
  const head = await readHead(handle);
  const fits =
    head.columns === manifest.dimension &&
    fileBytes(head) === bytes &&
    head.ids.every((id, row) => id === ids[row]);
  if (fits) return head.bodyStart;
  const problem = `${file} is not the shard that the manifest listed when the store was opened`;
  const advice = 'Open the store again; if that is no help, delete that file and extract again.';
  throw new StoreError(folder, problem, advice);
}

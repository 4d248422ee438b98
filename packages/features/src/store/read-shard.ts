import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { ifThere } from './if-there.ts';
import { MatrixFormatError, type MatrixHeader, readMatrixHeader } from './safetensors.ts';
import { parseShardMetadata, type ShardContent } from './shard.ts';
import { shardFile } from './shard-range.ts';
import { StoreError } from './store-error.ts';

/** What a shard's file says before its numbers. */
export interface ShardHead extends ShardContent, MatrixHeader {}

/**
 * Opens a shard for as long as `use` runs. Undefined if there is no such file.
 *
 * @throws {StoreError} if it is not a whole shard
 */
export async function withShard<Result>(
  folder: string,
  index: number,
  use: (head: ShardHead, handle: FileHandle) => Promise<Result> | Result,
): Promise<Result | undefined> {
  const handle = await ifThere(open(join(folder, shardFile(index)), 'r'));
  if (!handle) return undefined;
  try {
    return await use(await readHead(handle), handle);
  } catch (error) {
    if (!(error instanceof MatrixFormatError)) throw error;
    throw damagedShard(folder, index, error.message);
  } finally {
    await handle.close();
  }
}

/**
 * A shard without its numbers. Undefined if there is no such file.
 *
 * @throws {StoreError} if it is not a whole shard
 */
export function readShard(folder: string, index: number): Promise<ShardHead | undefined> {
  return withShard(folder, index, (head) => head);
}

export function damagedShard(folder: string, index: number, problem: string): StoreError {
  const file = shardFile(index);
  return new StoreError(folder, `${file} ${problem}`, 'Delete that file and extract again.');
}

/** @throws {MatrixFormatError} if it is not a whole shard */
export async function readHead(handle: FileHandle): Promise<ShardHead> {
  const header = await readMatrixHeader(handle);
  const content = parseShardMetadata(header.metadata);
  if (content.ids.length !== header.rows) {
    throw new MatrixFormatError(`has ${header.rows} rows for ${content.ids.length} items`);
  }
  return { ...header, ...content };
}

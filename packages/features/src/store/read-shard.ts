import { join } from 'node:path';
import {
  ifThere,
  openSafetensors,
  type PlacedHeader,
  SafetensorsError,
  type SafetensorsFile,
} from '@rodpo/files';
import { parseShardMetadata, type ShardContent } from './shard.ts';
import { ShardFormatError } from './shard-format-error.ts';
import { shardFile } from './shard-range.ts';
import { StoreError } from './store-error.ts';

/** The one tensor of a shard. */
export const tensorName = 'vectors';

/** What a shard's file says before its numbers. */
export interface ShardHead extends ShardContent {
  readonly rows: number;
  readonly columns: number;
  readonly metadata: Readonly<Record<string, string>>;
  /** Of the whole file. */
  readonly bytes: number;
}

/**
 * Opens a shard for as long as `use` runs. Undefined if there is no such file.
 *
 * @param known header of an earlier opening, which is not read again
 * @throws {StoreError} if it is not a whole shard
 */
export async function withShard<Result>(
  folder: string,
  index: number,
  use: (opened: SafetensorsFile) => Promise<Result> | Result,
  known?: PlacedHeader,
): Promise<Result | undefined> {
  try {
    const opened = await ifThere(
      openSafetensors(join(folder, shardFile(index)), known ? { known } : {}),
    );
    if (!opened) return undefined;
    try {
      return await use(opened);
    } finally {
      await opened.close();
    }
  } catch (error) {
    if (error instanceof SafetensorsError) {
      throw damagedShard(folder, index, `is damaged: ${error.problem}`);
    }
    if (error instanceof ShardFormatError) throw damagedShard(folder, index, error.message);
    throw error;
  }
}

/**
 * A shard without its numbers. Undefined if there is no such file.
 *
 * @throws {StoreError} if it is not a whole shard
 */
export function readShard(folder: string, index: number): Promise<ShardHead | undefined> {
  return withShard(folder, index, headOf);
}

export function damagedShard(folder: string, index: number, problem: string): StoreError {
  const file = shardFile(index);
  return new StoreError(folder, `${file} ${problem}`, 'Delete that file and extract again.');
}

/** @throws {ShardFormatError} if it is not a whole shard */
export function headOf({ tensors, metadata, size }: SafetensorsFile): ShardHead {
  const tensor = tensors.find(({ name }) => name === tensorName);
  if (!tensor) throw new ShardFormatError(`has no tensor '${tensorName}'`);
  if (tensors.length > 1) throw new ShardFormatError(`has tensors besides '${tensorName}'`);
  const { dtype, shape } = tensor;
  if (dtype !== 'F32') throw new ShardFormatError(`has element type ${dtype} instead of F32`);
  if (shape.length !== 2) throw new ShardFormatError('has a tensor that is not a matrix');
  const [rows, columns] = shape as [number, number];
  const content = parseShardMetadata(metadata);
  if (content.ids.length !== rows) {
    throw new ShardFormatError(`has ${rows} rows for ${content.ids.length} items`);
  }
  return { ...content, rows, columns, metadata, bytes: size };
}

import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { actionable, quote, requirePositiveInteger } from '@rodpo/errors';
import { ifThere, partialName } from '@rodpo/files';
import type { EmbedderDescription } from '../embedder.ts';
import { checksumItems } from './checksum-items.ts';
import { finishStore } from './finish-store.ts';
import type { Manifest } from './manifest.ts';
import { type ShardBuilder, shardBuilder } from './shard-builder.ts';
import { defaultShardSize } from './shard-range.ts';
import { StoreError } from './store-error.ts';
import type { ImportedRows } from './vector-rows.ts';
import { writeShard } from './write-shard.ts';

export interface ImportVectorsOptions {
  /** What made the vectors. */
  readonly description: EmbedderDescription;
  readonly dimension: number;
  /** Items per shard. Default 1024. */
  readonly shardSize?: number;
  /** Stops the import between blocks, leaving nothing behind. */
  readonly signal?: AbortSignal;
}

/**
 * Makes a store from vectors that were made elsewhere. It appears whole or not at all. Rows that
 * are not present, and vectors with NaN or infinity, are recorded as failures. One block and one
 * shard are in memory. If the process is killed, `<folder>.<random>.partial` is left to be deleted.
 *
 * @param folder must not exist, or be empty
 * @throws {StoreError} if the folder holds something, or an id occurs twice
 * @throws {RangeError} if a block's ids, vectors and mask do not fit, or there is no item
 */
export async function importVectors(
  folder: string,
  options: ImportVectorsOptions,
  blocks: AsyncIterable<ImportedRows> | Iterable<ImportedRows>,
): Promise<Manifest> {
  const { dimension, shardSize = defaultShardSize } = options;
  requirePositiveInteger('dimension', dimension);
  requirePositiveInteger('shardSize', shardSize);
  if ((await ifThere(readdir(folder)))?.length) throw notEmpty(folder);
  const partial = partialName(resolve(folder));
  try {
    await mkdir(partial, { recursive: true });
    const itemCount = await writeShards(partial, distinct(folder, blocks, options), options);
    const finished = await finishStore(partial, { itemCount, shardSize });
    if (!finished.complete) throw new StoreError(partial, 'a shard vanished', 'Import again.');
    await replaceEmpty(folder, partial);
    return finished.manifest;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

interface Row {
  readonly id: string;
  readonly vector: Float32Array;
  readonly isPresent: boolean;
}

/** Single rows of the blocks, checked. */
async function* distinct(
  folder: string,
  blocks: AsyncIterable<ImportedRows> | Iterable<ImportedRows>,
  { dimension, signal }: ImportVectorsOptions,
): AsyncGenerator<Row> {
  const seen = new Set<string>();
  for await (const { ids, vectors, present } of blocks) {
    signal?.throwIfAborted();
    if (vectors.length !== ids.length * dimension) {
      throw actionable(
        new RangeError(
          `A block of ${ids.length} ids needs ${ids.length * dimension} values of vectors ` +
            `(dimension ${dimension}), got ${vectors.length}`,
        ),
      );
    }
    if (present && present.length !== ids.length) {
      throw actionable(
        new RangeError(
          `A block of ${ids.length} ids needs a mask of as many, got ${present.length}`,
        ),
      );
    }
    for (const [row, id] of ids.entries()) {
      if (seen.has(id)) throw twice(folder, id);
      seen.add(id);
      const vector = vectors.subarray(row * dimension, (row + 1) * dimension);
      yield { id, vector, isPresent: present?.[row] !== 0 };
    }
  }
}

/** @returns how many items were written */
async function writeShards(
  folder: string,
  rows: AsyncIterable<Row>,
  { description, dimension, shardSize = defaultShardSize }: ImportVectorsOptions,
): Promise<number> {
  let index = 0;
  let items: { id: string; input: undefined }[] = [];
  const newBuilder = () => shardBuilder(dimension, Math.min(shardSize, defaultShardSize));
  let builder = newBuilder();
  const write = async ({ ids, failures, vectors }: ShardBuilder) => {
    const inputs = checksumItems(items);
    await writeShard(folder, index++, { description, dimension, ids, failures, inputs }, vectors());
    builder = newBuilder();
    items = [];
  };
  for await (const { id, vector, isPresent } of rows) {
    if (isPresent) builder.add(id, vector);
    else builder.addFailure({ id, reason: 'missing', message: 'The row has no vector.' });
    items.push({ id, input: undefined });
    if (items.length === shardSize) await write(builder);
  }
  const itemCount = index * shardSize + items.length;
  if (items.length > 0) await write(builder);
  return itemCount;
}

async function replaceEmpty(folder: string, by: string): Promise<void> {
  try {
    await ifThere(rmdir(folder));
    await rename(by, folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === 'ENOTEMPTY' || code === 'EEXIST' ? notEmpty(folder) : error;
  }
}

function notEmpty(folder: string): StoreError {
  return new StoreError(folder, 'there is something in it already', 'Give a new or empty folder.');
}

function twice(folder: string, id: string): StoreError {
  return new StoreError(
    folder,
    `item ${quote(id)} occurs twice`,
    'Give every item an id of its own.',
  );
}

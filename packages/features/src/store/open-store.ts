import { requirePositiveInteger } from '@rodpo/errors';
import type { EmbedderDescription } from '../embedder.ts';
import type { ItemVectors } from '../item-vectors.ts';
import type { Failure } from './failure.ts';
import { type DamagedShard, findDamage } from './find-damage.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { readRows } from './read-rows.ts';
import { type ShardReader, shardReader } from './shard-reader.ts';
import { StoreError } from './store-error.ts';
import { type CheckedShard, type VectorReader, vectorReader } from './vector-reader.ts';
import type { VectorRows } from './vector-rows.ts';

export interface RowsOptions {
  /** Vectors per block, at most: a shard's last block may be smaller. Default 1024. */
  readonly blockRows?: number;
}

export interface ReaderOptions {
  /** Files of shards that are open at a time, at most. Default 256. */
  readonly mostOpen?: number;
}

/** A complete store, open for reading. Any number of readers may have it open. */
export interface FeatureStore {
  readonly description: EmbedderDescription;
  readonly dimension: number;
  /** Items of the catalogue, with or without a vector. */
  readonly itemCount: number;
  readonly presentCount: number;
  /** Items without a vector, and why, in catalogue order. */
  readonly failures: readonly Failure[];
  /** Whether the item has a vector. */
  has(id: string): boolean;
  /** Ids of the items with a vector, in catalogue order. */
  ids(): Iterable<string>;
  /**
   * Vectors of these items, in this order. Items that failed, or that the catalogue did not have,
   * are absent.
   *
   * @throws {StoreError} if a file is missing or damaged
   */
  read(ids: readonly string[]): Promise<ItemVectors>;
  /**
   * All vectors in catalogue order, a block at a time.
   *
   * @throws {StoreError} if a file is missing or damaged
   */
  rows(options?: RowsOptions): AsyncIterable<VectorRows>;
  /**
   * What reads vectors of these items by their places in the list, as they are asked for: for catalogues
   * whose vectors do not fit into memory. Compares every shard with its checksum first.
   *
   * @throws {StoreError} if a file is missing or damaged
   */
  reader(ids: readonly string[], options?: ReaderOptions): Promise<VectorReader>;
  /** Reads everything and compares checksums. Names the damaged shards, none if all is well. */
  verify(): Promise<readonly DamagedShard[]>;
  /** Ends the use of the store: later reads are refused. */
  close(): Promise<void>;
}

/**
 * Opens a store. Its list of items is kept in memory; its vectors stay on disk and are read by
 * position (Node maps no files into memory without native code). No file is held open between
 * calls.
 *
 * @throws {StoreError} if the folder is no store, is not complete, or is of another version
 */
export async function openStore(folder: string): Promise<FeatureStore> {
  const manifest = await readManifest(folder);
  if (!manifest) {
    const problem = 'there is no complete store here (no manifest.json)';
    throw new StoreError(folder, problem, 'Run the extraction again: finished shards are kept.');
  }
  const { description, dimension, itemCount, presentCount, failures } = manifest;
  const rowOf = indexRows(manifest);
  const reader = shardReader(folder, manifest);
  let open = true;
  const requireOpen = () => {
    if (!open) throw new StoreError(folder, 'the store was closed', 'Open it again to read.');
  };
  return {
    ...{ description, dimension, itemCount, presentCount, failures },
    has: (id) => rowOf.has(id),
    ids: () => rowOf.keys(),
    read: async (ids) => {
      requireOpen();
      return readRows(
        reader,
        manifest,
        ids.map((id) => rowOf.get(id)),
      );
    },
    rows: ({ blockRows = 1024 } = {}) => {
      requireOpen();
      requirePositiveInteger('blockRows', blockRows);
      return streamRows(reader, manifest, blockRows);
    },
    reader: async (ids, { mostOpen = 256 } = {}) => {
      requireOpen();
      requirePositiveInteger('mostOpen', mostOpen);
      const rows = Int32Array.from(ids, (id) => rowOf.get(id) ?? -1);
      const shards = await checkedShards(reader, manifest);
      return vectorReader({ folder, dimension, shards, rows, mostOpen });
    },
    verify: async () => {
      requireOpen();
      return findDamage(folder, manifest);
    },
    close: async () => {
      open = false;
    },
  };
}

/** Rows are numbered through all shards. */
function indexRows({ shards }: Manifest): Map<string, number> {
  const rowOf = new Map<string, number>();
  for (const { ids } of shards) for (const id of ids) rowOf.set(id, rowOf.size);
  return rowOf;
}

async function checkedShards(
  reader: ShardReader,
  { shards }: Manifest,
): Promise<readonly CheckedShard[]> {
  const checked: CheckedShard[] = [];
  for (const [index, { ids, sha256 }] of shards.entries()) {
    const of = { rows: ids.length, sha256 };
    checked.push(await reader(index, (_, { bodyStart }) => ({ ...of, bodyStart })));
  }
  return checked;
}

async function* streamRows(
  reader: ShardReader,
  { dimension, shards }: Manifest,
  blockRows: number,
): AsyncGenerator<VectorRows> {
  for (const [index, { ids }] of shards.entries()) {
    for (let row = 0; row < ids.length; row += blockRows) {
      const block = ids.slice(row, row + blockRows);
      const vectors = new Float32Array(block.length * dimension);
      await reader(index, (read) => read(row, vectors));
      yield { ids: block, vectors };
    }
  }
}

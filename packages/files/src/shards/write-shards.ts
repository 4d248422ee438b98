import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { requirePositiveInteger } from '@rodpo/errors';
import { FileDamagedError } from '../file-damaged-error.ts';
import { ifThere } from '../if-there.ts';
import { writeSealedJson } from '../json/sealed-json.ts';
import { removeStalePartials } from '../remove-stale-partials.ts';
import { elementTypeOf } from '../safetensors/element-type.ts';
import type { NamedArrays } from '../safetensors/named-array.ts';
import { requireWritable, storeSafetensors } from '../safetensors/write-safetensors.ts';
import { syncFolder } from '../write-atomically.ts';
import { layOutShards, type Piece, pieceOf } from './lay-out-shards.ts';
import {
  format,
  indexFile,
  readIndex,
  removeOtherShards,
  type ShardIndex,
  shardName,
  shardsIn,
} from './shard-index.ts';

export interface WriteShardsOptions {
  /**
   * Bytes of numbers in a shard, at most, unless a single row has more. A shard takes a header beside them.
   * Default 256 MiB.
   */
  readonly maxShardBytes?: number;
}

/**
 * Writes tensors of any size, and strings, to a folder of their own: safetensors files of some of the rows
 * each, and last `index.json`, which names them with their rows, sizes and checksums. Until the index is
 * there, the folder holds what it held before, and then nothing else: a writer that is killed leaves the old
 * or the new, whole. The arrays are not copied. For one writer at a time; who reads while it writes may find
 * a shard gone.
 *
 * @param folder is made if it is not there; files of another name in it are left alone
 * @throws {RangeError} if a tensor's data does not fill its shape, it is named `__metadata__`, metadata are
 * named `sha256`, or (actionable) `maxShardBytes` is no positive integer
 */
export async function writeShards(
  folder: string,
  tensors: NamedArrays,
  metadata: Readonly<Record<string, string>> = {},
  { maxShardBytes = 2 ** 28 }: WriteShardsOptions = {},
): Promise<void> {
  requirePositiveInteger('maxShardBytes', maxShardBytes);
  requireWritable(tensors, metadata);
  await mkdir(folder, { recursive: true });
  await syncFolder(dirname(folder));
  await removeStalePartials(folder, { olderThanMs: 0 });
  const before = await indexBefore(folder);
  if (before) await removeOtherShards(folder, before);
  const generation = 1 + Math.max(before?.generation ?? 0, (await shardsIn(folder)).last);
  const layout = layOutShards(tensors, maxShardBytes);
  try {
    const shards = await storeShards(folder, tensors, { layout, generation });
    const index: ShardIndex = {
      ...{ format, generation, metadata, shards },
      tensors: Object.entries(tensors).map(([name, { shape, data }]) => {
        return { name, dtype: elementTypeOf(data), shape, pieces: placesOf(name, layout) };
      }),
    };
    await writeSealedJson(indexFile(folder), index);
    await removeOtherShards(folder, index);
  } catch (error) {
    if (before) await removeOtherShards(folder, before).catch(() => undefined); // this one is to tell
    throw error;
  }
}

/** None too if it is damaged: what it named is kept until there is something whole. */
async function indexBefore(folder: string): Promise<ShardIndex | undefined> {
  return ifThere(readIndex(folder)).catch((error) => {
    if (error instanceof FileDamagedError) return undefined;
    throw error;
  });
}

async function storeShards(
  folder: string,
  tensors: NamedArrays,
  { layout, generation }: { layout: readonly Piece[][]; generation: number },
): Promise<ShardIndex['shards']> {
  const shards = [];
  for (const [number, pieces] of layout.entries()) {
    const file = shardName(generation, number);
    const arrays = pieces.map(
      (piece) => [piece.name, pieceOf(tensors[piece.name]!, piece)] as const,
    );
    // So that a shard tells by itself what it is of, and two with equal numbers are not the same.
    const rows = pieces.map(({ name, from, to }) => [name, from, to]);
    const metadata = {
      generation: `${generation}`,
      shard: `${number}`,
      rows: JSON.stringify(rows),
    };
    const stored = await storeSafetensors(join(folder, file), Object.fromEntries(arrays), metadata);
    shards.push({ file, ...stored });
  }
  return shards;
}

function placesOf(name: string, layout: readonly Piece[][]) {
  return layout.flatMap((pieces, shard) =>
    pieces.filter((piece) => piece.name === name).map(({ from, to }) => ({ shard, from, to })),
  );
}

import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FileDamagedError } from '../file-damaged-error.ts';
import { ifThere } from '../if-there.ts';
import { readSealedJson } from '../json/sealed-json.ts';
import type { StoredSafetensors } from '../safetensors/write-safetensors.ts';

/** A tensor, and where its rows lie: from the first to the last, none left out. */
export interface ShardedTensor {
  readonly name: string;
  readonly dtype: 'F32' | 'I32' | 'U8';
  readonly shape: readonly number[];
  readonly pieces: readonly {
    /** Number of the shard. */
    readonly shard: number;
    readonly from: number;
    /** The row after the last. */
    readonly to: number;
  }[];
}

/** What the index of a folder of shards tells. */
export interface ShardIndex {
  readonly format: typeof format;
  /** Counts what was written to the folder, so that the files of each time have names of their own. */
  readonly generation: number;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: readonly ShardedTensor[];
  readonly shards: readonly (StoredSafetensors & { readonly file: string })[];
}

export const format = 'tensors in shards, 1';

export const indexFile = (folder: string): string => join(folder, 'index.json');

export const shardName = (generation: number, shard: number): string =>
  `${generation}-${`${shard}`.padStart(5, '0')}.safetensors`;

const generationOf = (name: string) => /^(\d+)-\d{5,}\.safetensors$/.exec(name)?.[1];

export const advice: string =
  'Restore the whole folder from a copy, or delete it and make it again.';

/**
 * @throws {FileDamagedError} if it is damaged, or the index of something else
 * @throws the file system's error, such as `ENOENT`, with its `code`
 */
export async function readIndex(folder: string): Promise<ShardIndex> {
  const file = indexFile(folder);
  const index = await readSealedJson(file, advice);
  if (index.format === format) return index as unknown as ShardIndex;
  throw new FileDamagedError(file, { problem: 'it is no index of tensors in shards', advice });
}

/** Shards that lie in a folder, whoever wrote them, and the last generation among them. */
export async function shardsIn(folder: string): Promise<{ names: string[]; last: number }> {
  const names = ((await ifThere(readdir(folder))) ?? []).filter((name) => generationOf(name));
  return { names, last: Math.max(0, ...names.map((name) => Number(generationOf(name)))) };
}

/** Removes the shards of a folder that an index does not name: unfinished ones, and those before it. */
export async function removeOtherShards(
  folder: string,
  { shards }: Pick<ShardIndex, 'shards'>,
): Promise<void> {
  const named = new Set(shards.map(({ file }) => file));
  for (const name of (await shardsIn(folder)).names) {
    if (!named.has(name)) await rm(join(folder, name), { force: true });
  }
}

import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { actionable } from '@rodpo/errors';
import { canonicalJson, ifThere, isMissing, isPartial } from '@rodpo/files';
import { type Manifest, readManifest, writeManifest } from './manifest.ts';
import { type ManifestOutline, outlineManifest } from './outline-manifest.ts';
import { shardEntry } from './shard-entry.ts';
import { defaultShardSize, shardCount, shardFile, shardOfFile } from './shard-range.ts';
import { StoreError } from './store-error.ts';

export interface FinishStoreOptions {
  /** Items of the catalogue. */
  readonly itemCount: number;
  /** As given to `extractShard`. Default 1024. */
  readonly shardSize?: number;
  /** Removes shards beyond the catalogue's last instead of refusing them. Default false. */
  readonly force?: boolean;
}

/** A store that was completed, or the shards that it still lacks. */
export type FinishedStore =
  | { readonly complete: true; readonly manifest: Manifest }
  | { readonly complete: false; readonly missingShards: readonly number[] };

/**
 * Completes a store: checks the shards and writes the manifest, if every shard is there. Any
 * number of workers may call it, each after each of its shards. A store that is complete already
 * is left as it is.
 *
 * @throws {StoreError} if shards are damaged, made by different embedders, or of another catalogue
 * @throws {RangeError} if the catalogue is empty or `shardSize` is not a positive integer
 */
export async function finishStore(
  folder: string,
  { itemCount, shardSize = defaultShardSize, force = false }: FinishStoreOptions,
): Promise<FinishedStore> {
  const count = shardCount(itemCount, shardSize);
  if (count === 0)
    throw actionable(new RangeError('A store needs at least one item, got an empty catalogue'));
  const files = (await ifThere(readdir(folder))) ?? [];
  const missingShards = shardsMissing(files, count);
  if (missingShards.length > 0) return { complete: false, missingShards };

  await settleExtra(folder, files, { count, force });
  const outline = await outlineManifest(folder, itemCount, shardSize);
  const existing = await readManifest(folder);
  const manifest =
    existing && sameOutline(existing, outline) ? existing : await complete(folder, outline);
  await removePartials(folder, files);
  return { complete: true, manifest };
}

function shardsMissing(files: readonly string[], count: number): number[] {
  const there = new Set(files);
  return Array.from({ length: count }, (_, index) => index).filter(
    (index) => !there.has(shardFile(index)),
  );
}

/** Shards beyond the last were made from a longer catalogue, or were smaller. */
async function settleExtra(
  folder: string,
  files: readonly string[],
  { count, force }: { count: number; force: boolean },
): Promise<void> {
  const extra = files.filter((file) => (shardOfFile(file) ?? -1) >= count);
  if (extra.length > 0 && !force) {
    const problem = `${extra[0]} lies beyond the ${count} shards of this catalogue`;
    throw new StoreError(folder, problem, 'Use another folder, or force to remove it.');
  }
  for (const file of extra) await rm(join(folder, file), { force: true });
}

function sameOutline(manifest: Manifest, outline: ManifestOutline): boolean {
  const shards = manifest.shards.map(({ sha256: _, ...rest }) => rest);
  return canonicalJson({ ...manifest, shards }) === canonicalJson(outline);
}

async function complete(folder: string, outline: ManifestOutline): Promise<Manifest> {
  const shards = [];
  for (const index of outline.shards.keys()) shards.push(await shardEntry(folder, index));
  const manifest = { ...outline, shards };
  try {
    await writeManifest(folder, manifest);
  } catch (error) {
    // Another worker may have completed the store meanwhile and swept our partial file away.
    const theirs = isMissing(error) ? await readManifest(folder) : undefined;
    if (!theirs || canonicalJson(theirs) !== canonicalJson(manifest)) throw error;
  }
  return manifest;
}

/** Every shard is there: a half-written file was left behind, or is about to be there twice. */
async function removePartials(folder: string, files: readonly string[]): Promise<void> {
  const leftOver = files.filter((file) => isPartial(file));
  for (const file of leftOver) await rm(join(folder, file), { force: true });
}

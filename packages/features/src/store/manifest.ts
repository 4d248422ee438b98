import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { quote } from '@rodpo/errors';
import { ifThere, writeAtomically } from '@rodpo/files';
import type { EmbedderDescription } from '../embedder.ts';
import { canonicalJson, isObject } from './canonical-json.ts';
import { type Failure, isFailures } from './failure.ts';
import { isIds } from './is-ids.ts';
import { shardFile } from './shard-range.ts';
import { StoreError } from './store-error.ts';

export const manifestFile = 'manifest.json';
export const storeFormat = 'rodpo-features';
export const storeVersion = 1;

/** One file of vectors. */
export interface ShardEntry {
  readonly file: string;
  readonly bytes: number;
  /** Of the whole file, in hexadecimal. */
  readonly sha256: string;
  /** Items with a vector, in the order of their rows. */
  readonly ids: readonly string[];
}

/** What a store holds. It is written last: where there is a manifest, the store is complete. */
export interface Manifest {
  readonly format: typeof storeFormat;
  readonly version: typeof storeVersion;
  readonly description: EmbedderDescription;
  readonly dimension: number;
  /** Items of the catalogue, with or without a vector. */
  readonly itemCount: number;
  readonly presentCount: number;
  /** Items of the catalogue per shard; the last may have fewer. */
  readonly shardSize: number;
  readonly shards: readonly ShardEntry[];
  readonly failures: readonly Failure[];
}

export function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  return writeAtomically(join(folder, manifestFile), `${canonicalJson(manifest)}\n`);
}

/**
 * The manifest of a folder. Undefined if it has none, or there is no such folder.
 *
 * @throws {StoreError} if it is damaged, or of another format or version
 */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  const text = await ifThere(readFile(join(folder, manifestFile), 'utf8'));
  if (text === undefined) return undefined;
  const manifest = parse(text);
  if (manifest?.format !== storeFormat) {
    throw new StoreError(folder, `its ${manifestFile} is not one of a store`, otherFolder);
  }
  if (manifest.version !== storeVersion) {
    const problem = `it has version ${quote(String(manifest.version))} of the format, and this reads ${storeVersion}`;
    throw new StoreError(folder, problem, 'Use the version of the package that wrote it.');
  }
  if (!isManifest(manifest)) throw new StoreError(folder, `its ${manifestFile} is damaged`, anew);
  return manifest;
}

const otherFolder = 'Give the folder of a store.';
const anew = `Delete ${manifestFile} and extract again: finished shards are kept.`;

function isManifest(value: unknown): value is Manifest {
  const { description, dimension, itemCount, presentCount, shardSize, shards, failures } =
    value as Record<string, unknown>;
  return (
    isObject(description) &&
    [dimension, itemCount, presentCount, shardSize].every(Number.isSafeInteger) &&
    Array.isArray(shards) &&
    shards.every((entry, index) => isEntry(entry) && entry.file === shardFile(index)) &&
    isFailures(failures) &&
    shards.reduce((count, { ids }) => count + ids.length, 0) === presentCount &&
    itemCount === (presentCount as number) + failures.length
  );
}

function isEntry(value: unknown): value is ShardEntry {
  const { file, bytes, sha256, ids } = isObject(value) ? value : {};
  return (
    typeof file === 'string' &&
    Number.isSafeInteger(bytes) &&
    typeof sha256 === 'string' &&
    isIds(ids)
  );
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined; // said above
  }
}

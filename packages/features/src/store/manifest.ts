import { join } from 'node:path';
import { quote } from '@rodpo/errors';
import {
  FileDamagedError,
  ifThere,
  isJsonObject,
  readJson,
  unsealed,
  writeSealedJson,
} from '@rodpo/files';
import type { EmbedderDescription } from '../embedder.ts';
import { type Failure, isFailures } from './failure.ts';
import { isIds } from './is-ids.ts';
import { shardFile } from './shard-range.ts';
import { StoreError } from './store-error.ts';

export const manifestFile = 'manifest.json';
export const storeFormat = 'rodpo-features';
/** Of the manifest: from 2 on it holds a checksum of its own. */
export const manifestVersion = 2;

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
  readonly version: typeof manifestVersion;
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
  return writeSealedJson(join(folder, manifestFile), manifest);
}

/**
 * The manifest of a folder. Undefined if it has none, or there is no such folder.
 *
 * @throws {StoreError} if it is not as it was written, or of another format or version
 */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  const value = await ifThere(readJson(join(folder, manifestFile))).catch((error: unknown) => {
    if (error instanceof FileDamagedError) return null;
    throw error;
  });
  if (value === undefined) return undefined;
  const manifest = unsealed(value);
  if (!manifest) throw notAsWritten(folder, value);
  if (manifest.format !== storeFormat) {
    const problem = `its ${manifestFile} is not one of a store`;
    throw new StoreError(folder, problem, 'Give the folder of a store.');
  }
  if (manifest.version !== manifestVersion) {
    const problem = `it has version ${quote(String(manifest.version))} of the format, and this reads ${manifestVersion}`;
    throw new StoreError(folder, problem, 'Use the version of the package that wrote it.');
  }
  if (!isManifest(manifest)) throw new StoreError(folder, `its ${manifestFile} is damaged`, anew);
  return manifest;
}

const anew = `Delete ${manifestFile} and extract again: finished shards are kept.`;

/** Whatever it says of itself may be what is damaged: only a manifest of version 1 is told apart. */
function notAsWritten(folder: string, value: unknown): StoreError {
  const { format, version, sha256 } = isJsonObject(value) ? value : {};
  if (format === storeFormat && version === 1 && sha256 === undefined) {
    const problem = `its ${manifestFile} is of version 1 and has no checksum: what it says cannot be relied on`;
    return new StoreError(folder, problem, anew);
  }
  if (format === storeFormat) {
    return new StoreError(
      folder,
      `its ${manifestFile} is damaged: its checksum does not fit`,
      anew,
    );
  }
  const problem = `its ${manifestFile} is damaged, or not one of a store`;
  return new StoreError(folder, problem, `Give the folder of a store. If this is one: ${anew}`);
}

function isManifest(value: unknown): value is Manifest {
  const { description, dimension, itemCount, presentCount, shardSize, shards, failures } =
    value as Record<string, unknown>;
  return (
    isJsonObject(description) &&
    [dimension, itemCount, presentCount, shardSize].every(Number.isSafeInteger) &&
    Array.isArray(shards) &&
    shards.every((entry, index) => isEntry(entry) && entry.file === shardFile(index)) &&
    isFailures(failures) &&
    shards.reduce((count, { ids }) => count + ids.length, 0) === presentCount &&
    itemCount === (presentCount as number) + failures.length
  );
}

function isEntry(value: unknown): value is ShardEntry {
  const { file, bytes, sha256, ids } = isJsonObject(value) ? value : {};
  return (
    typeof file === 'string' &&
    Number.isSafeInteger(bytes) &&
    typeof sha256 === 'string' &&
    isIds(ids)
  );
}

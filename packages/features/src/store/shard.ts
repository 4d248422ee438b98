import { createHash, type Hash } from 'node:crypto';
import { quote } from '@rodpo/errors';
import { canonicalJson } from '@rodpo/files';
import type { EmbedderDescription } from '../embedder.ts';
import { type Failure, isFailures } from './failure.ts';
import { isIds } from './is-ids.ts';
import { storeFormat } from './manifest.ts';
import { ShardFormatError } from './shard-format-error.ts';

/** Of a shard, whose metadata are strings. */
const shardVersion = '1';

/** All that a shard says besides its vectors. */
export interface ShardContent {
  readonly description: EmbedderDescription;
  /** Items with a vector, in catalogue order. */
  readonly ids: readonly string[];
  /** Items without, in catalogue order. */
  readonly failures: readonly Failure[];
  /** Checksum of the ids and inputs that the shard was made from, in hexadecimal. */
  readonly inputs: string;
}

/** Strings for a shard's header. `checksum` is over all others and the numbers. */
export function shardMetadata(content: ShardContent, numbers: Uint8Array): Record<string, string> {
  const metadata = {
    format: storeFormat,
    version: shardVersion,
    description: canonicalJson(content.description),
    ids: JSON.stringify(content.ids),
    failures: canonicalJson(content.failures),
    inputs: content.inputs,
  };
  return { ...metadata, checksum: shardHash(metadata).update(numbers).digest('hex') };
}

/** The start of a shard's checksum: what is left to add is its numbers. */
export function shardHash(metadata: Readonly<Record<string, string>>): Hash {
  const { checksum: _, ...rest } = metadata;
  return createHash('sha256').update(canonicalJson(rest));
}

/** @throws {ShardFormatError} if the metadata are not those of a shard */
export function parseShardMetadata(metadata: Readonly<Record<string, string>>): ShardContent {
  if (metadata.format !== storeFormat) throw new ShardFormatError('is not a shard of a store');
  if (metadata.version !== shardVersion) {
    throw new ShardFormatError(`has version ${quote(String(metadata.version))} of the format`);
  }
  const ids = parse(metadata.ids);
  const failures = parse(metadata.failures);
  if (!isIds(ids) || !isFailures(failures) || metadata.inputs === undefined) {
    throw new ShardFormatError('has damaged metadata');
  }
  const description = parse(metadata.description) as EmbedderDescription;
  return { description, ids, failures, inputs: metadata.inputs };
}

function parse(json = ''): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new ShardFormatError('has damaged metadata', { cause });
  }
}

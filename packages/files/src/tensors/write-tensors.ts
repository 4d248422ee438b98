import { rm } from 'node:fs/promises';
import { requireInteger } from '@rodpo/errors';
import type { NamedArrays } from '../safetensors/named-array.ts';
import { writeSafetensors } from '../safetensors/write-safetensors.ts';
import { type WriteShardsOptions, writeShards } from '../shards/write-shards.ts';
import { isSharded, shardsOf } from './shards-of.ts';

export interface WriteTensorsOptions extends WriteShardsOptions {
  /** Bytes of all numbers above which they are written as shards. Default 512 MiB. */
  readonly shardAboveBytes?: number;
}

/**
 * Writes tensors and strings as one safetensors file (`writeSafetensors`), or where they are larger than
 * that, as shards in a folder beside it, `name.shards` for `name.safetensors` (`writeShards`). Either way
 * what was there stays until the new is whole. Once there are shards, what follows is written as shards, so
 * that a file and shards are never there without a rule which is newer: the shards are.
 *
 * @throws {RangeError} as `writeSafetensors`, and (actionable) if a limit is no integer
 */
export async function writeTensors(
  file: string,
  tensors: NamedArrays,
  metadata: Readonly<Record<string, string>> = {},
  { shardAboveBytes = 2 ** 29, ...options }: WriteTensorsOptions = {},
): Promise<void> {
  requireInteger('shardAboveBytes', shardAboveBytes, { from: 0 });
  const bytes = Object.values(tensors).reduce((sum, { data }) => sum + data.byteLength, 0);
  if (bytes <= shardAboveBytes && !(await isSharded(file))) {
    await writeSafetensors(file, tensors, metadata);
    return;
  }
  await writeShards(shardsOf(file), tensors, metadata, options);
  await rm(file, { force: true });
}

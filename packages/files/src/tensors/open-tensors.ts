import { openSafetensors, type SafetensorsOptions } from '../safetensors/open-safetensors.ts';
import { openShards, type ShardsFile } from '../shards/open-shards.ts';
import { isSharded, shardsOf } from './shards-of.ts';

/** Tensors open for reading, in one file or in shards. */
export interface TensorsFile extends Pick<ShardsFile, 'metadata' | 'size' | 'check' | 'close'> {
  readonly tensors: readonly { readonly name: string; readonly shape: readonly number[] }[];
  read: ShardsFile['read'];
}

/**
 * Opens what `writeTensors` wrote to read parts of it, such as some rows of a table. What is read is only
 * checked by `check`.
 *
 * @throws {FileDamagedError} if the header or the index is damaged
 * @throws the file system's error, with its `code`: `ENOENT` if there is neither
 */
export async function openTensors(
  file: string,
  options: SafetensorsOptions = {},
): Promise<TensorsFile> {
  return (await isSharded(file)) ? openShards(shardsOf(file)) : openSafetensors(file, options);
}

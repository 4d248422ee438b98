import {
  type ReadSafetensorsOptions,
  readSafetensors,
  type Safetensors,
} from '../safetensors/read-safetensors.ts';
import { readShards } from '../shards/read-shards.ts';
import { isSharded, shardsOf } from './shards-of.ts';

/**
 * What `writeTensors` wrote, as one file or as shards, checked.
 *
 * @throws {FileDamagedError} if it is damaged, or parts of it are missing
 * @throws {RangeError} if an array of `into` does not fit
 * @throws the file system's error, with its `code`: `ENOENT` if there is neither
 */
export async function readTensors(
  file: string,
  options: ReadSafetensorsOptions = {},
): Promise<Safetensors> {
  return (await isSharded(file))
    ? readShards(shardsOf(file), options)
    : readSafetensors(file, options);
}

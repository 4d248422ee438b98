import { mkdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import {
  ifThere,
  readMetadata,
  readTensors,
  removeStalePartials,
  type WriteTensorsOptions,
  writeTensors,
} from '@rodpo/files';
import type { SavedTensors } from './saved-tensors.ts';

/**
 * Tensors in a safetensors file with a checksum, or above `shardAboveBytes` (default 512 MiB) in shards in
 * its place, for which no array is copied (`writeTensors` of `@rodpo/files`). Its folder is made when
 * something is saved, and what killed writers of the file have left goes then. For one writer at a time.
 *
 * Loading throws `FileDamagedError` if the file or a shard is damaged or missing.
 */
export function savedInFile(file: string, options: WriteTensorsOptions = {}): SavedTensors {
  const folder = dirname(file);
  let isPrepared = false;
  return {
    place: file,
    texts: () => ifThere(readMetadata(file, { requireChecksum: true })),
    load: (into = {}) => ifThere(readTensors(file, { requireChecksum: true, ...into })),
    save: async (tensors, metadata) => {
      if (!isPrepared) {
        await mkdir(folder, { recursive: true });
        await removeStalePartials(folder, { olderThanMs: 0, of: basename(file) });
        isPrepared = true;
      }
      await writeTensors(file, tensors, metadata, options);
    },
  };
}

import { join } from 'node:path';
import type { WriteTensorsOptions } from '@rodpo/files';
import type { Checkpoints } from './checkpoints.ts';
import { type CheckpointOptions, checkpointsIn } from './checkpoints-in.ts';
import { savedInFile } from './saved-in-file.ts';

export interface FolderCheckpointsOptions extends CheckpointOptions, WriteTensorsOptions {}

/**
 * Checkpoints as safetensors files of a folder, `latest.safetensors` and `best.safetensors`, the
 * progress among their metadata; above `shardAboveBytes` (default 512 MiB) as shards in `latest.shards` and
 * `best.shards`. The folder is made when something is saved. A process that is
 * killed while it saves leaves the checkpoint before; what it has left half written goes with the next
 * save. For one training at a time.
 *
 * Loading throws `SafetensorsError` if a file is damaged or is no checkpoint, `FileDamagedError` if it
 * is of other settings, or a shard is missing.
 */
export function folderCheckpoints(
  folder: string,
  { keepOfBest, settings, ...options }: FolderCheckpointsOptions = {},
): Checkpoints {
  const place = (name: string) => savedInFile(join(folder, `${name}.safetensors`), options);
  return checkpointsIn(
    { latest: place('latest'), best: place('best') },
    { ...(keepOfBest ? { keepOfBest } : {}), ...(settings === undefined ? {} : { settings }) },
  );
}

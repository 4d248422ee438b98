import { join } from 'node:path';
import { FileDamagedError, type WriteTensorsOptions } from '@rodpo/files';
import { type SavedTensors, savedInFile } from '@rodpo/trainer';
import { type Checkpoints, checkpointsIn } from './checkpoints.ts';

/**
 * Keeps a training in `folder`, as `name.latest.safetensors` and `name.safetensors`, with checksums; above
 * `shardAboveBytes` (default 512 MiB) as shards, in `name.latest.shards` and `name.shards`.
 * Each is written beside its place and then moved there, so a kill leaves the old or the new one.
 *
 * @param settings whatever decides the result; a folder of other settings is refused, since going on
 * from it would give what neither settings give
 */
export function folderCheckpoints(
  folder: string,
  name: string,
  settings: string,
  options: WriteTensorsOptions = {},
): Checkpoints {
  const place = (file: string) =>
    ofSettings(savedInFile(join(folder, file), options), name, settings);
  return checkpointsIn({
    latest: place(`${name}.latest.safetensors`),
    best: place(`${name}.safetensors`),
    name,
    texts: { settings },
  });
}

/** Refuses what was saved with other settings. */
function ofSettings(saved: SavedTensors, name: string, settings: string): SavedTensors {
  const requireOwn = (texts: Readonly<Record<string, string>> | undefined) => {
    if (!texts || texts.settings === settings) return;
    throw new FileDamagedError(saved.place, {
      problem: 'it is of a training with other settings or data',
      advice: `Take another folder, or delete the files of ${name} to train anew.`,
    });
  };
  return {
    ...saved,
    texts: async () => {
      const texts = await saved.texts();
      requireOwn(texts);
      return texts;
    },
    load: async (options) => {
      const found = await saved.load(options);
      requireOwn(found?.metadata);
      return found;
    },
  };
}

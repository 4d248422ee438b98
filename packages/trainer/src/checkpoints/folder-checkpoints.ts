import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ifThere,
  type NamedArrays,
  readSafetensors,
  removeStalePartials,
  writeSafetensors,
} from '@rodpo/files';
import type { Checkpoint, Checkpoints } from './checkpoints.ts';
import { progressOfText, textOfProgress } from './progress-text.ts';

export interface FolderCheckpointsOptions {
  /** What of the state the best checkpoint keeps, such as `averagesOf`. Default: all. */
  readonly keepOfBest?: (state: NamedArrays) => NamedArrays;
}

/** The key of the progress, among the file's metadata. */
const key = 'progress';

/**
 * Checkpoints as safetensors files of a folder, `latest.safetensors` and `best.safetensors`, the
 * progress among their metadata. The folder is made when something is saved. A process that is
 * killed while it saves leaves the file before; what it has left half written goes with the next
 * save. For one training at a time.
 *
 * Loading throws `SafetensorsError` if a file is damaged, or is no checkpoint.
 */
export function folderCheckpoints(
  folder: string,
  { keepOfBest = (state) => state }: FolderCheckpointsOptions = {},
): Checkpoints {
  const latest = join(folder, 'latest.safetensors');
  const best = join(folder, 'best.safetensors');
  let isPrepared = false;
  const write = async (file: string, { progress, state }: Checkpoint): Promise<void> => {
    if (!isPrepared) {
      await mkdir(folder, { recursive: true });
      await removeStalePartials(folder, { olderThanMs: 0 });
      isPrepared = true;
    }
    await writeSafetensors(file, state, { [key]: textOfProgress(progress) });
  };
  return {
    load: () => readCheckpoint(latest),
    save: (checkpoint) => write(latest, checkpoint),
    loadBest: () => readCheckpoint(best),
    saveBest: ({ progress, state }) => write(best, { progress, state: keepOfBest(state) }),
  };
}

async function readCheckpoint(file: string): Promise<Checkpoint | undefined> {
  const read = await ifThere(readSafetensors(file, { requireChecksum: true }));
  if (!read) return undefined;
  const { tensors, metadata } = read;
  return { progress: progressOfText(file, metadata[key]), state: tensors };
}

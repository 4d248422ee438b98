import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { quote } from '@rodpo/errors';
import {
  FileDamagedError,
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
  /**
   * Text of whatever decides the result beside the seed, such as the settings as JSON. A checkpoint
   * with another text is refused: what goes on from it would be the result of neither. Default: none.
   */
  readonly settings?: string;
}

/**
 * Checkpoints as safetensors files of a folder, `latest.safetensors` and `best.safetensors`, the
 * progress among their metadata. The folder is made when something is saved. A process that is
 * killed while it saves leaves the file before; what it has left half written goes with the next
 * save. For one training at a time.
 *
 * Loading throws `SafetensorsError` if a file is damaged or is no checkpoint, `FileDamagedError` if it
 * is of other settings.
 */
export function folderCheckpoints(
  folder: string,
  { keepOfBest = (state) => state, settings = '' }: FolderCheckpointsOptions = {},
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
    await writeSafetensors(file, state, { progress: textOfProgress(progress), settings });
  };
  return {
    load: () => readCheckpoint(latest, settings),
    save: (checkpoint) => write(latest, checkpoint),
    loadBest: () => readCheckpoint(best, settings),
    saveBest: ({ progress, state }) => write(best, { progress, state: keepOfBest(state) }),
  };
}

async function readCheckpoint(file: string, settings: string): Promise<Checkpoint | undefined> {
  const read = await ifThere(readSafetensors(file, { requireChecksum: true }));
  if (!read) return undefined;
  const { tensors, metadata } = read;
  const progress = progressOfText(file, metadata.progress);
  if (metadata.settings === settings) return { progress, state: tensors };
  throw new FileDamagedError(file, {
    problem: `expected a training with the settings ${quote(settings)}, got ${quote(metadata.settings ?? '')}`,
    advice: 'Give the settings that it was begun with, or train anew in another folder.',
  });
}

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FileDamagedError, ifThere, readSafetensors, writeSafetensors } from '@rodpo/files';
import { progressOfText, textOfProgress } from '@rodpo/trainer';
import type { Checkpoints } from './checkpoints.ts';

/**
 * Keeps a training in `folder`, as `name.latest.safetensors` and `name.safetensors`, with checksums.
 * Each is written beside its place and then moved there, so a kill leaves the old or the new one.
 *
 * @param settings whatever decides the result; a folder of other settings is refused, since going on
 * from it would give what neither settings give
 */
export function folderCheckpoints(folder: string, name: string, settings: string): Checkpoints {
  const latestFile = join(folder, `${name}.latest.safetensors`);
  const bestFile = join(folder, `${name}.safetensors`);
  const load = async (file: string) => {
    const found = await ifThere(readSafetensors(file, { requireChecksum: true }));
    if (!found || found.metadata.settings === settings) return found;
    throw new FileDamagedError(file, {
      problem: 'it is of a training with other settings or data',
      advice: `Take another folder, or delete the files of ${name} to train anew.`,
    });
  };
  return {
    latest: async () => {
      const saved = await load(latestFile);
      if (!saved) return undefined;
      const { progress, log } = saved.metadata;
      return {
        state: saved.tensors,
        progress: progressOfText(latestFile, progress),
        log: JSON.parse(log!),
      };
    },
    saveLatest: async ({ state, progress, log }) => {
      await mkdir(folder, { recursive: true });
      const metadata = { progress: textOfProgress(progress), log: JSON.stringify(log), settings };
      await writeSafetensors(latestFile, state, metadata);
    },
    best: async (epoch) => {
      const saved = await load(bestFile);
      if (saved?.metadata.epoch === `${epoch}`) return saved.tensors;
      throw new FileDamagedError(bestFile, {
        problem: saved
          ? `expected the weights of epoch ${epoch}, got those of epoch ${saved.metadata.epoch}`
          : `it is gone, and ${latestFile} says that epoch ${epoch} was the best`,
        advice: `Put it back, or delete the files of ${name} to train anew.`,
      });
    },
    saveBest: async (weights, epoch) => {
      await mkdir(folder, { recursive: true });
      await writeSafetensors(bestFile, weights, { epoch: `${epoch}`, settings });
    },
  };
}

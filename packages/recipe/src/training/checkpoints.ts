import { FileDamagedError, type NamedArray } from '@rodpo/files';
import {
  progressOfText,
  type SavedTensors,
  savedInMemory,
  type TrainingProgress,
  textOfProgress,
} from '@rodpo/trainer';
import type { Weights } from '../workspace/weights.ts';
import type { EpochEntry } from './epoch-log.ts';

/** Where a training stands: what it goes on from. */
export interface Latest {
  /** Weights and optimiser. */
  readonly state: Record<string, NamedArray>;
  readonly progress: TrainingProgress;
  /** Every epoch's figures so far, without times. */
  readonly log: readonly EpochEntry[];
}

/** Keeps one training: its latest state, and the weights of its best epoch. */
export interface Checkpoints {
  /** Undefined if nothing was saved yet. */
  latest(): Promise<Latest | undefined>;
  saveLatest(latest: Latest): Promise<void>;
  /** The best weights, which must be those of `epoch`. @throws if they are gone, or others */
  best(epoch: number): Promise<Weights>;
  /** Called before `saveLatest` after the same epoch. */
  saveBest(weights: Weights, epoch: number): Promise<void>;
}

interface Places {
  readonly latest: SavedTensors;
  readonly best: SavedTensors;
  /** What the places are of, for an error's advice. Default: nothing. */
  readonly name?: string;
  /** Texts that go with everything saved. */
  readonly texts?: Readonly<Record<string, string>>;
}

/** Checkpoints with progress, log and epoch among their texts, in any two places. */
export function checkpointsIn({
  latest,
  best,
  name = 'this training',
  texts = {},
}: Places): Checkpoints {
  return {
    latest: async () => {
      const saved = await latest.load();
      if (!saved) return undefined;
      const { progress, log } = saved.metadata;
      return {
        state: saved.tensors,
        progress: progressOfText(latest.place, progress),
        log: JSON.parse(log!),
      };
    },
    saveLatest: ({ state, progress, log }) =>
      latest.save(state, {
        progress: textOfProgress(progress),
        log: JSON.stringify(log),
        ...texts,
      }),
    best: async (epoch) => {
      const saved = await best.load();
      if (saved?.metadata.epoch === `${epoch}`) return saved.tensors;
      throw new FileDamagedError(best.place, {
        problem: saved
          ? `expected the weights of epoch ${epoch}, got those of epoch ${saved.metadata.epoch}`
          : `it is gone, and ${latest.place} says that epoch ${epoch} was the best`,
        advice: `Put it back, or delete the files of ${name} to train anew.`,
      });
    },
    saveBest: (weights, epoch) => best.save(weights, { epoch: `${epoch}`, ...texts }),
  };
}

/** The best weights alone: enough for a training that nothing can go on from. */
export function bestInMemory(): Checkpoints {
  const latest = { place: 'memory', load: async () => undefined, save: async () => {} };
  return checkpointsIn({ latest, best: savedInMemory() });
}

/**
 * Keeps them in memory: a training that is interrupted starts anew. They are copies, the optimiser's state
 * among them: a large catalogue is better kept in a folder.
 */
export function memoryCheckpoints(): Checkpoints {
  return checkpointsIn({ latest: savedInMemory(), best: savedInMemory() });
}

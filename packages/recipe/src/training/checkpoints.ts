import { FileDamagedError, type NamedArray, type NamedArrays } from '@rodpo/files';
import {
  progressOfText,
  type SavedTensors,
  savedInMemory,
  type TrainingProgress,
  textOfProgress,
} from '@rodpo/trainer';
import type { Weights } from '../workspace/weights.ts';
import type { EpochEntry } from './epoch-log.ts';

/** Where a training stands. */
export interface Standing {
  readonly progress: TrainingProgress;
  /** Every epoch's figures so far, without times. */
  readonly log: readonly EpochEntry[];
}

/** What a training goes on from. */
export interface Latest extends Standing {
  /** Weights and optimiser. */
  readonly state: Record<string, NamedArray>;
}

/** Keeps one training: its latest state, and the weights of its best epoch. */
export interface Checkpoints {
  /** Undefined if nothing was saved yet. */
  standing(): Promise<Standing | undefined>;
  /**
   * What was saved latest, or undefined. Tensors of the names of `into` are read into its arrays, which have
   * their shape and type: a large table is not held twice. Default: into new ones.
   */
  latest(into?: NamedArrays): Promise<Latest | undefined>;
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
    standing: async () => {
      const texts = await latest.texts();
      return texts && standingIn(latest.place, texts);
    },
    latest: async (into = {}) => {
      const saved = await latest.load({ into });
      return saved && { state: saved.tensors, ...standingIn(latest.place, saved.metadata) };
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

/** What `saveLatest` said in texts. @throws {FileDamagedError} if it is not there */
export function standingIn(
  place: string,
  { progress, log }: Readonly<Record<string, string>>,
): Standing {
  return { progress: progressOfText(place, progress), log: JSON.parse(log!) };
}

/** The best weights alone: enough for a training that nothing can go on from. */
export function bestInMemory(): Checkpoints {
  const nothing = async () => undefined;
  const latest = { place: 'memory', texts: nothing, load: nothing, save: async () => {} };
  return checkpointsIn({ latest, best: savedInMemory() });
}

/**
 * Keeps them in memory: a training that is interrupted starts anew. They are copies, the optimiser's state
 * among them: a large catalogue is better kept in a folder.
 */
export function memoryCheckpoints(): Checkpoints {
  return checkpointsIn({ latest: savedInMemory(), best: savedInMemory() });
}

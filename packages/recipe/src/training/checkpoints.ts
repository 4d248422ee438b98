import type { NamedArray } from '@rodpo/files';
import type { TrainingProgress } from '@rodpo/trainer';
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

/** Keeps them in memory: a training that is interrupted starts anew. */
export function memoryCheckpoints(): Checkpoints {
  let latest: Latest | undefined;
  let best: Weights = {};
  return {
    latest: async () => latest,
    saveLatest: async (now) => {
      latest = { ...now, state: copies(now.state) };
    },
    best: async () => best,
    saveBest: async (weights) => {
      best = copies(weights);
    },
  };
}

/** A state may be lent: it changes with the next step where item rows are on the host. */
function copies(state: Readonly<Record<string, NamedArray>>): Record<string, NamedArray> {
  return Object.fromEntries(
    Object.entries(state).map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]),
  );
}

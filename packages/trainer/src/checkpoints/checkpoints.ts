import type { NamedArray } from '@rodpo/files';
import type { FigureSums } from '../progress/figures.ts';
import type { FitProgress } from '../progress/progress.ts';

/** Where a training stands, to the step. */
export interface TrainingProgress extends FitProgress {
  /** Steps done of the epoch after `epoch`; 0 between epochs. */
  readonly step: number;
  /** Steps done of all epochs. */
  readonly totalStep: number;
  /** The training's seed, which the order of the data follows from. */
  readonly seed: number;
  /** What the epoch's means are made of, so far. */
  readonly sums: FigureSums;
}

/** A training, saved: all that it takes to go on as if it had not stopped. */
export interface Checkpoint {
  readonly progress: TrainingProgress;
  /** Weights and the optimiser's state, by name. */
  readonly state: Readonly<Record<string, NamedArray>>;
}

/** Where checkpoints are kept. A save replaces the one before, and is there whole or not at all. */
export interface Checkpoints {
  /** The newest; undefined if there is none. */
  load(): Promise<Checkpoint | undefined>;
  save(checkpoint: Checkpoint): Promise<void>;
  /** That of the best epoch so far; undefined if there is none. */
  loadBest(): Promise<Checkpoint | undefined>;
  saveBest(checkpoint: Checkpoint): Promise<void>;
}

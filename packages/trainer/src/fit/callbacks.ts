import type { TrainingProgress } from '../checkpoints/checkpoints.ts';

/** What a step was, once it is done. */
export interface StepReport<Name extends string = string> {
  readonly progress: TrainingProgress;
  /** What `trainStep` returned. */
  readonly figures: Readonly<Record<Name, number>>;
}

/** What an epoch was, once it is validated. */
export interface EpochReport<Name extends string = string> {
  readonly progress: TrainingProgress;
  /** Means over the epoch's batches of what `trainStep` returned, by their weights. */
  readonly figures: Readonly<Record<Name, number>>;
  /** What `validate` returned. */
  readonly validation: number;
  /** Whether that is the best so far. */
  readonly isBest: boolean;
}

/** Called as a training goes on, and awaited; of several, in their order. */
export interface FitCallbacks<Name extends string = string> {
  /** Before the first step, of a new training or of one that is resumed. */
  readonly onStart?: (progress: TrainingProgress) => void | Promise<void>;
  /** After every step. */
  readonly onStep?: (report: StepReport<Name>) => void | Promise<void>;
  /** After an epoch's validation, before it is saved. */
  readonly onEpoch?: (report: EpochReport<Name>) => void | Promise<void>;
  /** After a checkpoint was saved. */
  readonly onSave?: (progress: TrainingProgress) => void | Promise<void>;
  /** At the end, whether it was reached, aborted or failed: close what `onStart` opened. */
  readonly onEnd?: (progress: TrainingProgress) => void | Promise<void>;
}

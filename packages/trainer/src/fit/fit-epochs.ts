import {
  checkLimits,
  type FitLimits,
  type FitProgress,
  goesOn,
  judged,
  start,
} from '../progress/progress.ts';

export interface FitOptions extends FitLimits {
  /** Trains one epoch, counted from 1. */
  readonly trainEpoch: (epoch: number) => Promise<void>;
  /** The figure to maximise, after an epoch. */
  readonly validate: (epoch: number) => Promise<number>;
  /** Called after each epoch, before the next: save here. `isBest` says whether to keep it. */
  readonly onEpoch?: (progress: FitProgress, isBest: boolean) => Promise<void>;
  /** Where to go on from. Default: the start. */
  readonly progress?: FitProgress;
}

/** Trains epoch by epoch, and leaves to the caller what an epoch is and where it is saved. */
export async function fitEpochs(options: FitOptions): Promise<FitProgress> {
  const { trainEpoch, validate, onEpoch, signal } = options;
  checkLimits(options);
  let progress = options.progress ?? start;
  while (goesOn(progress, options)) {
    signal?.throwIfAborted();
    const epoch = progress.epoch + 1;
    await trainEpoch(epoch);
    const { progress: next, isBest } = judged(progress, await validate(epoch), options);
    progress = next;
    await onEpoch?.(progress, isBest);
  }
  return progress;
}

/** Where a training run stands; save it with the weights to resume. */
export interface FitProgress {
  /** Epochs done. */
  readonly epoch: number;
  /** The epoch with the best validation figure so far, and that figure; 0 before any. */
  readonly best: { readonly epoch: number; readonly figure: number };
}

/** When a training ends. */
export interface FitLimits {
  readonly maxEpochs: number;
  /** Epochs without a better figure after which training stops; `Infinity` for never. */
  readonly patience: number;
  /** A figure is better that exceeds the best so far by more than this. Default 0. */
  readonly minDelta?: number;
  /** Ends the training: `fit` rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export const start: FitProgress = {
  epoch: 0,
  best: { epoch: 0, figure: Number.NEGATIVE_INFINITY },
};

/** @throws {RangeError} if `patience` is below 1, `maxEpochs` is NaN, or `minDelta` below 0 */
export function checkLimits({ maxEpochs, patience, minDelta = 0 }: FitLimits): void {
  if (!(patience >= 1)) throw new RangeError(`patience must be at least 1, got ${patience}`);
  if (Number.isNaN(maxEpochs)) throw new RangeError('maxEpochs must be a number, got NaN');
  if (!(minDelta >= 0)) throw new RangeError(`minDelta must be a number from 0, got ${minDelta}`);
}

/** Whether there is an epoch to train after this. */
export function goesOn({ epoch, best }: FitProgress, { maxEpochs, patience }: FitLimits): boolean {
  return epoch < maxEpochs && epoch - best.epoch < patience;
}

/**
 * The progress after another epoch with this figure.
 *
 * @throws {RangeError} if the figure is NaN
 */
export function judged(
  { epoch: before, best }: FitProgress,
  figure: number,
  { minDelta = 0 }: Pick<FitLimits, 'minDelta'>,
): { readonly progress: FitProgress; readonly isBest: boolean } {
  const epoch = before + 1;
  if (Number.isNaN(figure)) {
    throw new RangeError(
      `The validation figure of epoch ${epoch} is NaN. ` +
        'Training has diverged or validation is empty: lower the learning rate, check the data.',
    );
  }
  const isBest = figure > best.figure + minDelta;
  return { progress: { epoch, best: isBest ? { epoch, figure } : best }, isBest };
}

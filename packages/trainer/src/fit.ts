/** Where a training run stands; save it with the weights to resume. */
export interface FitProgress {
  /** Epochs done. */
  readonly epoch: number;
  /** The epoch with the best validation figure so far, and that figure; 0 before any. */
  readonly best: { readonly epoch: number; readonly figure: number };
}

export interface FitOptions {
  readonly maxEpochs: number;
  /** Epochs without a better figure after which training stops; `Infinity` for never. */
  readonly patience: number;
  /** Trains one epoch, counted from 1. */
  readonly trainEpoch: (epoch: number) => Promise<void>;
  /** The figure to maximise, after an epoch. */
  readonly validate: (epoch: number) => Promise<number>;
  /** Called after each epoch, before the next: save here. `isBest` says whether to keep it. */
  readonly onEpoch?: (progress: FitProgress, isBest: boolean) => Promise<void>;
  /** Where to go on from. Default: the start. */
  readonly progress?: FitProgress;
}

const start: FitProgress = { epoch: 0, best: { epoch: 0, figure: Number.NEGATIVE_INFINITY } };

/**
 * Trains epoch by epoch until the validation figure has not improved for `patience` epochs, or
 * `maxEpochs` are done. Equal figures keep the earlier epoch.
 *
 * @throws {RangeError} if a validation figure is NaN, `patience` is below 1, or `maxEpochs` is NaN
 */
export async function fit(options: FitOptions): Promise<FitProgress> {
  const { maxEpochs, patience, trainEpoch, validate, onEpoch } = options;
  if (!(patience >= 1)) throw new RangeError(`patience must be at least 1, got ${patience}`);
  if (Number.isNaN(maxEpochs)) throw new RangeError('maxEpochs must be a number, got NaN');
  let progress = options.progress ?? start;
  while (progress.epoch < maxEpochs && progress.epoch - progress.best.epoch < patience) {
    const epoch = progress.epoch + 1;
    await trainEpoch(epoch);
    const figure = await validate(epoch);
    if (Number.isNaN(figure)) {
      throw new RangeError(
        `The validation figure of epoch ${epoch} is NaN. ` +
          'Training has diverged or validation is empty: lower the learning rate, check the data.',
      );
    }
    const isBest = figure > progress.best.figure;
    progress = { epoch, best: isBest ? { epoch, figure } : progress.best };
    await onEpoch?.(progress, isBest);
  }
  return progress;
}

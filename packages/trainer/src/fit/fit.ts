import type { TrainingProgress } from '../checkpoints/checkpoints.ts';
import type { FitProgress } from '../progress/progress.ts';
import { type FitOptions, fitEpochs } from './fit-epochs.ts';
import { type FitStepsOptions, fitSteps } from './fit-steps.ts';

/**
 * Trains until the validation figure has not improved for `patience` epochs, or `maxEpochs` are
 * done. Equal figures keep the earlier epoch.
 *
 * Given a `trainStep`, it draws the batches, counts the steps and saves checkpoints, also within an
 * epoch: killed at any time and called again, with the same options and a program in its first
 * state, it ends with the bits of a training that nobody stopped. Once aborted it saves, and stops
 * before the next step. Given a `trainEpoch`, it leaves all that to the caller.
 *
 * @throws {RangeError} if a validation figure is NaN, `patience` is below 1, `minDelta` below 0, or
 * `maxEpochs` is NaN; by steps also (actionable) if a loss is not finite, an epoch has no batches, or
 * a checkpoint is of another seed or of other data
 * @throws the reason of the signal, if it was aborted
 */
export function fit<Batch, Name extends string>(
  options: FitStepsOptions<Batch, Name>,
): Promise<TrainingProgress>;
export function fit(options: FitOptions): Promise<FitProgress>;
export async function fit(
  options: FitOptions | FitStepsOptions<unknown>,
): Promise<FitProgress | TrainingProgress> {
  return 'trainStep' in options ? fitSteps(options) : fitEpochs(options);
}

import { requirePositiveInteger } from '@rodpo/errors';
import { requireFromZero } from '../steps/require-settings.ts';
import type { Limits } from './train.ts';

/** @throws {RangeError} (marked as actionable) unless there is an epoch to train, and one that can be the best */
export function checkLimits({ maxEpochs, patience, minDelta = 0 }: Limits): void {
  const advice =
    'Infinity is no limit; to train nothing, take the weights that the training would begin with.';
  for (const [name, value] of Object.entries({ maxEpochs, patience })) {
    if (value !== Number.POSITIVE_INFINITY) requirePositiveInteger(name, value, advice);
  }
  requireFromZero('minDelta', minDelta);
}

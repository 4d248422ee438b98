import { requirePositiveInteger } from '@rodpo/errors';
/** A value that changes as training goes on, read from `batch.step`: step 0 is the first. */
export type Schedule = (step: number) => number;

export interface ScheduleOptions {
  /** The value at step 0. */
  readonly from: number;
  /** The value from step `steps` on. */
  readonly to: number;
  /** How many steps the change takes. */
  readonly steps: number;
}

/**
 * From one value to another in equal differences: `from + (to − from) · min(step / steps, 1)`.
 *
 * @throws {RangeError} if an end is not finite, or `steps` is not a positive integer
 */
export function linearSchedule({ from, to, steps }: ScheduleOptions): Schedule {
  requirePositiveInteger('steps', steps);
  for (const end of [from, to]) {
    if (!Number.isFinite(end)) throw new RangeError(`from and to must be finite, got ${end}`);
  }
  return (step) => (step >= steps ? to : from + (to - from) * (step / steps));
}

/**
 * From one value to another by equal factors: `from · (to / from) ^ min(step / steps, 1)`. A pool
 * that shrinks from the catalogue to a hundred items spends as long on each halving.
 *
 * @throws {RangeError} if an end is not positive and finite, or `steps` is not a positive integer
 */
export function geometricSchedule({ from, to, steps }: ScheduleOptions): Schedule {
  requirePositiveInteger('steps', steps);
  for (const end of [from, to]) {
    if (Number.isFinite(end) && end > 0) continue;
    throw new RangeError(`from and to must be positive and finite, got ${end}`);
  }
  return (step) => (step >= steps ? to : from * (to / from) ** (step / steps));
}

import { requirePositiveInteger } from '@rodpo/errors';
import { requireRate } from '../require-rate.ts';
import { type Schedule, scheduleOf } from './schedule.ts';
import { type WarmUp, warmUpStepsOf } from './warm-up.ts';

export type ConstantScheduleOptions = WarmUp & {
  /** The rate after the warm-up. */
  readonly learningRate: number;
  /** All steps of the training; only a `warmUpShare` needs them. */
  readonly totalSteps?: number;
};

/**
 * The same rate at every step, after a warm-up if one is asked for.
 *
 * @throws {RangeError} (actionable) if a number is out of its range
 * @see transformers' `get_constant_schedule_with_warmup`
 */
export function constantSchedule(options: ConstantScheduleOptions): Schedule {
  const { learningRate, totalSteps } = options;
  if (totalSteps !== undefined) requirePositiveInteger('totalSteps', totalSteps);
  requireRate('learningRate', learningRate);
  return scheduleOf({ learningRate, warmUpSteps: warmUpStepsOf(options, totalSteps) });
}

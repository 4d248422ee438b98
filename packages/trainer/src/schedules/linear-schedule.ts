import { requirePositiveInteger } from '@rodpo/errors';
import { add, mul } from '@tensorflow/tfjs-core';
import { requireRate } from '../require-rate.ts';
import { type Schedule, scheduleOf } from './schedule.ts';
import { type WarmUp, warmUpStepsOf } from './warm-up.ts';

export type LinearScheduleOptions = WarmUp & {
  /** The rate after the warm-up, from which it falls. */
  readonly learningRate: number;
  /** The step at which `finalRate` is reached; later ones stay there. */
  readonly totalSteps: number;
  /** Default 0. */
  readonly finalRate?: number;
};

/**
 * A rate that rises in a warm-up and then changes in a straight line to `finalRate`.
 *
 * @throws {RangeError} (actionable) if a number is out of its range
 * @see transformers' `get_linear_schedule_with_warmup`, and torch's `LinearLR` for `finalRate`
 */
export function linearSchedule(options: LinearScheduleOptions): Schedule {
  const { learningRate, totalSteps, finalRate = 0 } = options;
  requirePositiveInteger('totalSteps', totalSteps);
  requireRate('learningRate', learningRate);
  requireRate('finalRate', finalRate);
  const fall = learningRate - finalRate;
  return scheduleOf({
    learningRate,
    warmUpSteps: warmUpStepsOf(options, totalSteps),
    decay: {
      totalSteps,
      number: (left) => finalRate + fall * left,
      tensor: (left) => add(mul(left, fall), finalRate),
    },
  });
}

import { actionable, requirePositiveInteger } from '@rodpo/errors';
import { add, cos, mul, sin, square } from '@tensorflow/tfjs-core';
import { requireRate } from '../require-rate.ts';
import { type Schedule, scheduleOf } from './schedule.ts';
import { type WarmUp, warmUpStepsOf } from './warm-up.ts';

export type CosineScheduleOptions = WarmUp & {
  /** The rate after the warm-up, at the top of the wave. */
  readonly learningRate: number;
  /** The step at which the wave ends; later ones keep the rate that it ends with. */
  readonly totalSteps: number;
  /** The rate at the bottom of the wave. Default 0. */
  readonly finalRate?: number;
  /** Waves between the warm-up and the end. Default 0.5: from the top to the bottom, once. */
  readonly cycles?: number;
};

/**
 * A rate that rises in a warm-up and then falls as a cosine does:
 * `finalRate + (learningRate − finalRate) · (1 + cos(2π · cycles · progress)) / 2`.
 *
 * After `totalSteps` it stays where it is; transformers' would rise again.
 *
 * @throws {RangeError} (actionable) if a number is out of its range
 * @see transformers' `get_cosine_schedule_with_warmup`, and torch's `CosineAnnealingLR` for
 * `finalRate`
 */
export function cosineSchedule(options: CosineScheduleOptions): Schedule {
  const { learningRate, totalSteps, finalRate = 0, cycles = 0.5 } = options;
  requirePositiveInteger('totalSteps', totalSteps);
  requireRate('learningRate', learningRate);
  requireRate('finalRate', finalRate);
  if (!(cycles > 0 && Number.isFinite(cycles))) {
    throw actionable(new RangeError(`cycles must be a positive number, got ${cycles}`));
  }
  const fall = learningRate - finalRate;
  // (1 + cos 2a) / 2 = cos² a, with a = π · cycles · (1 − left), written in terms of what is left:
  // the sum of 1 and a cosine near −1 would keep no digit of a float32 near the bottom.
  const end = Math.PI * cycles;
  const [ofCos, ofSin] = [exactCos(end), Math.sin(end)];
  return scheduleOf({
    learningRate,
    warmUpSteps: warmUpStepsOf(options, totalSteps),
    decay: {
      totalSteps,
      number: (left) =>
        finalRate + fall * (ofCos * Math.cos(end * left) + ofSin * Math.sin(end * left)) ** 2,
      tensor: (left) => {
        const angle = mul(left, end);
        const root = add(mul(cos(angle), ofCos), mul(sin(angle), ofSin));
        return add(mul(square(root), fall), finalRate);
      },
    },
  });
}

/** The cosine of π/2 and its odd multiples is 0, not the 6e-17 that a rounded π gives. */
function exactCos(angle: number): number {
  const value = Math.cos(angle);
  return Math.abs(value) < 1e-15 ? 0 : value;
}

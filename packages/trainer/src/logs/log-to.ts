import { requirePositiveInteger } from '@rodpo/errors';
import type { FitCallbacks } from '../fit/callbacks.ts';
import type { ScalarLog } from './scalar-log.ts';

export interface LogToOptions {
  /** Logs every so many steps of the training. Default 1: all. */
  readonly everySteps?: number;
}

/**
 * Callbacks for `fit` that log what steps and epochs return. Figures of a step are named
 * `step/loss`, means of an epoch `epoch/loss`, and the validation figure `epoch/validation`.
 *
 * @throws {RangeError} (actionable) if `everySteps` is no integer from 1
 */
export function logTo(log: ScalarLog, { everySteps = 1 }: LogToOptions = {}): FitCallbacks {
  requirePositiveInteger('everySteps', everySteps);
  return {
    onStart: (progress) => log.begin(progress),
    onStep: async ({ progress: { totalStep }, figures }) => {
      if (totalStep % everySteps !== 0) return;
      await log.write({ step: totalStep, figures: under('step/', figures) });
    },
    onEpoch: ({ progress: { totalStep, epoch }, figures, validation }) =>
      log.write({ step: totalStep, epoch, figures: under('epoch/', { ...figures, validation }) }),
    onEnd: () => log.close(),
  };
}

function under(prefix: string, figures: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [prefix + name, value] as const),
  );
}

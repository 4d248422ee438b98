import { actionable, requireInteger } from '@rodpo/errors';

/** How long a rate rises from 0 in a straight line: a number of steps, or a share of all steps. */
export type WarmUp =
  | {
      /** The first step at the full rate. Default 0: the first of all. */
      readonly warmUpSteps?: number;
      readonly warmUpShare?: never;
    }
  | {
      readonly warmUpSteps?: never;
      /** Share of `totalSteps`, in [0, 1]. A part of a step counts as one, as in transformers. */
      readonly warmUpShare: number;
    };

/** @throws {RangeError} (actionable) if the warm-up is none, or longer than all steps */
export function warmUpStepsOf(
  { warmUpSteps = 0, warmUpShare }: WarmUp,
  totalSteps: number | undefined,
): number {
  if (warmUpShare === undefined) {
    const to = totalSteps === undefined ? {} : { to: totalSteps };
    requireInteger('warmUpSteps', warmUpSteps, { from: 0, ...to });
    return warmUpSteps;
  }
  if (!(warmUpShare >= 0 && warmUpShare <= 1)) {
    throw actionable(
      new RangeError(
        `warmUpShare must be a share of all steps from 0 to 1, got ${warmUpShare}. ` +
          'Give a number of steps as warmUpSteps.',
      ),
    );
  }
  if (totalSteps === undefined) {
    throw actionable(
      new RangeError('warmUpShare is a share of totalSteps, which were not given. Give both.'),
    );
  }
  return Math.ceil(totalSteps * warmUpShare);
}

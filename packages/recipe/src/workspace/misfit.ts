import { actionable } from '@rodpo/errors';

/** Sizes or settings that do not go together. */
export function misfit(problem: string): RangeError {
  return actionable(new RangeError(problem));
}

import { actionable } from '@rodpo/errors';

/** How much is held out, as shares of 1; the rest trains. */
export interface HeldOutShares {
  /** From 0, and below 1 together with `test`. */
  readonly validation: number;
  /** From 0, and below 1 together with `validation`. */
  readonly test: number;
}

/** @throws {RangeError} (marked as actionable) if nothing would be left to learn from */
export function requireShares({ validation, test }: HeldOutShares): void {
  if (validation >= 0 && test >= 0 && validation + test < 1) return;
  throw actionable(
    new RangeError(
      'validation and test must be shares from 0 with a sum below 1, since the rest is learned from, ' +
        `got ${validation} and ${test}. Use 0.1 and 0.1, for example.`,
    ),
  );
}

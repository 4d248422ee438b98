import { actionable } from './actionable.ts';

export interface IntegerRange {
  /** Least value allowed. Default: none. */
  readonly from?: number;
  /** Greatest value allowed. Default: 2⁵³ − 1, beyond which integers are no longer exact. */
  readonly to?: number;
  /** What to do, as a sentence at the end of the message. */
  readonly advice?: string;
}

/**
 * @throws {RangeError} (marked as actionable) unless `value` is an integer of the range, with
 * `name`, what was expected and what came
 */
export function requireInteger(name: string, value: number, range: IntegerRange = {}): void {
  const { from = Number.MIN_SAFE_INTEGER, to = Number.MAX_SAFE_INTEGER, advice } = range;
  if (Number.isSafeInteger(value) && value >= from && value <= to) return;
  const problem = `${name} must be ${expected(range)}, got ${value}`;
  throw actionable(new RangeError(advice === undefined ? problem : `${problem}. ${advice}`));
}

/** @throws {RangeError} (marked as actionable) unless `value` is an integer from 1 */
export function requirePositiveInteger(name: string, value: number, advice?: string): void {
  requireInteger(name, value, { from: 1, ...(advice === undefined ? {} : { advice }) });
}

function expected({ from, to }: IntegerRange): string {
  if (from === undefined) return to === undefined ? 'an integer' : `an integer up to ${to}`;
  if (to !== undefined) return `an integer from ${from} to ${to}`;
  return from === 1 ? 'a positive integer' : `an integer from ${from}`;
}

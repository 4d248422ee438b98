import { actionable } from '@rodpo/errors';

/** @throws {RangeError} (marked as actionable) unless it is a finite number from 0 */
export function requireFromZero(name: string, value: number): void {
  if (Number.isFinite(value) && value >= 0) return;
  throw actionable(new RangeError(`${name} must be a finite number from 0, got ${value}`));
}

/** @throws {RangeError} (marked as actionable) unless it is a number from 0 and below 1 */
export function requireShare(name: string, value: number): void {
  if (value >= 0 && value < 1) return;
  throw actionable(new RangeError(`${name} must be a number from 0 and below 1, got ${value}`));
}

import { actionable } from '@rodpo/errors';

/** @throws {RangeError} (actionable) unless the rate is a finite number from 0 */
export function requireRate(name: string, rate: number): void {
  if (rate >= 0 && Number.isFinite(rate)) return;
  throw actionable(new RangeError(`${name} must be a finite number from 0, got ${rate}`));
}

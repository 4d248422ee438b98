import { actionable } from '@rodpo/errors';

/** @throws {RangeError} unless `value` is a finite number above 0 */
export function checkPositive(name: string, value: number): void {
  if (value > 0 && Number.isFinite(value)) return;
  throw actionable(new RangeError(`${name} must be a finite number above 0, got ${value}`));
}

/** @throws {RangeError} unless `value` is in `[low, high]`, or in `[low, high)` where `below` is set */
export function checkBetween(
  name: string,
  value: number,
  [low, high]: readonly [number, number],
  { below = false }: { readonly below?: boolean } = {},
): void {
  if (value >= low && (below ? value < high : value <= high)) return;
  const expected = below ? `at least ${low} and below ${high}` : `between ${low} and ${high}`;
  throw actionable(new RangeError(`${name} must be ${expected}, got ${value}`));
}

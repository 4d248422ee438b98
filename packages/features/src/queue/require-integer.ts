/** @throws {RangeError} if `value` is not an integer of at least `minimum` */
export function requireInteger(name: string, value: number, minimum: number): void {
  if (Number.isSafeInteger(value) && value >= minimum) return;
  throw new RangeError(`${name} must be an integer of at least ${minimum}, got ${value}`);
}

import { actionable } from '@rodpo/errors';
export function requireCounts(counts: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(counts)) {
    if (Number.isInteger(value) && value >= 1) continue;
    throw actionable(new RangeError(`${name} must be a positive integer, got ${value}`));
  }
}

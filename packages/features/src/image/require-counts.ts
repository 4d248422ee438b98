import { requirePositiveInteger } from '@rodpo/errors';
export function requireCounts(counts: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(counts)) {
    requirePositiveInteger(name, value);
  }
}

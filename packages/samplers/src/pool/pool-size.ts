import { requirePositiveInteger } from '@rodpo/errors';
import type { Schedule } from './schedule.ts';

/**
 * How many of the best-scored items to draw from: 1 is the hardest item, the whole catalogue is
 * uniform. A number of items, a share of the catalogue (rounded, at least one item), or a schedule
 * whose values are rounded.
 */
export type PoolSize = number | { readonly share: number } | Schedule;

/**
 * The number of items for a catalogue and a step.
 *
 * @throws {RangeError} at once if a number is not a positive integer or a share not in (0, 1]; when
 * called, if a schedule's value rounds to less than 1
 */
export function poolSizeOf(poolSize: PoolSize): (itemCount: number, step: number) => number {
  if (typeof poolSize === 'function') return (_, step) => scheduledSize(poolSize(step), step);
  if (typeof poolSize === 'number') {
    requirePositiveInteger('poolSize', poolSize);
    return () => poolSize;
  }
  const { share } = poolSize;
  if (!(share > 0 && share <= 1)) {
    throw new RangeError(`share must be above 0 and at most 1, got ${share}`);
  }
  return (itemCount) => Math.max(1, Math.round(share * itemCount));
}

function scheduledSize(value: number, step: number): number {
  const size = Math.round(value);
  if (size >= 1 && Number.isFinite(size)) return size;
  throw new RangeError(`poolSize must be at least 1 at every step, got ${value} at step ${step}`);
}

import { actionable, quote } from '@rodpo/errors';
import { flatSequences } from './flat-sequences.ts';
import type { Sequences } from './sequences.ts';

export type TimeUnit = 'seconds' | 'milliseconds' | 'microseconds' | 'nanoseconds';

/**
 * The unit in which times say a plausible date, or nothing if they are no dates: line numbers, days,
 * seconds since an event. Plausible is from 1973 to 2286: in that span, the magnitudes of the four
 * units do not touch.
 *
 * @param times of each user, oldest first
 */
export function timeUnit(times: Sequences<Float64Array>): TimeUnit | undefined {
  const middle = median(times);
  return units.find(({ perSecond }) => isPlausibleDate(middle / perSecond))?.unit;
}

/** Whether seconds since 1970 lie in the span in which `timeUnit` tells units apart: 1973 to 2286. */
export function isPlausibleDate(seconds: number): boolean {
  return seconds >= 1e8 && seconds < 1e10;
}

const units = [
  { unit: 'seconds', perSecond: 1 },
  { unit: 'milliseconds', perSecond: 1e3 },
  { unit: 'microseconds', perSecond: 1e6 },
  { unit: 'nanoseconds', perSecond: 1e9 },
] as const;

/**
 * How many of a unit are a second.
 *
 * @throws {RangeError} (marked as actionable) if there is no such unit
 */
export function perSecond(unit: TimeUnit): number {
  const found = units.find((known) => known.unit === unit);
  if (found) return found.perSecond;
  const known = units.map(({ unit }) => `'${unit}'`).join(', ');
  throw actionable(
    new RangeError(`A unit of time must be one of ${known}, got ${quote(unit)}. Correct it.`),
  );
}

/**
 * Of middle times of users who stand at equal distances: the magnitude of a date needs no more of them,
 * and nothing as long as the data has to be sorted.
 */
function median(times: Sequences<Float64Array>): number {
  const { values, starts, ends } = flatSequences(times, Float64Array);
  const step = Math.ceil(starts.length / mostUsers);
  const middles = new Float64Array(mostUsers);
  let count = 0;
  for (let user = 0; user < starts.length; user += step) {
    const [start, end] = [starts[user]!, ends[user]!];
    if (end > start) middles[count++] = values[start + ((end - start) >> 1)]!;
  }
  return middles.subarray(0, count).sort()[count >> 1] ?? Number.NaN;
}

/** Whose times are looked at. */
const mostUsers = 10_000;

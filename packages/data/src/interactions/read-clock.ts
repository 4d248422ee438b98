import { InteractionError } from './interaction-error.ts';

/** What all times of the data are: numbers in some unit, moments, or nothing at all. */
export type Clock = 'numbers' | 'dates' | 'none';

export function clockOf(time: unknown): Clock {
  if (time === undefined || time === null) return 'none';
  return time instanceof Date ? 'dates' : 'numbers';
}

/**
 * A time as a number: of a moment, milliseconds since 1970; 0 where the data has no times.
 *
 * @param clock what the first row's time is, which all are to be
 * @throws {InteractionError} if it is something else, not finite, or too large to be exact
 */
export function readTime(time: unknown, clock: Clock, row: number): number {
  const place = { row, column: 'time' } as const;
  if (clockOf(time) !== clock) {
    throw new InteractionError(place, { expected: sameAs[clock], got: time, advice });
  }
  if (clock === 'none') return 0;
  const value = numberOf(time);
  if (Number.isFinite(value)) return value;
  const expected =
    clock === 'dates' ? 'a Date that is valid' : 'a finite number, or a bigint up to 2⁵³ − 1';
  throw new InteractionError(place, {
    expected,
    got: time,
    advice:
      typeof time === 'bigint'
        ? 'Divide it to a coarser unit.'
        : 'Convert the time, or leave the row out.',
  });
}

/** NaN for what is none. */
function numberOf(time: unknown): number {
  if (time instanceof Date) return time.getTime();
  if (typeof time === 'number') return time;
  if (typeof time !== 'bigint') return Number.NaN;
  return Number.isSafeInteger(Number(time)) ? Number(time) : Number.NaN;
}

const sameAs: Readonly<Record<Clock, string>> = {
  numbers: 'a number, as in the first row',
  dates: 'a Date, as in the first row',
  none: 'no time, as in the first row',
};

const advice = 'Give all rows a time of one kind, or none of them.';

import type { TimeSettings } from '../bundle/manifest.ts';
import { isWithinReach } from './time-inputs.ts';

/**
 * What is wrong with the times of a history: a sentence, or undefined if nothing is.
 *
 * @param name what the history's owner is called in it
 * @param count items of the history
 * @param settings of the encoder that reads them
 */
export function wrongTimes(
  name: string,
  times: readonly number[] | undefined,
  { count, settings }: { readonly count: number; readonly settings: TimeSettings },
): string | undefined {
  if (times?.length !== count) {
    const got = times ? `${times.length}` : 'none';
    return (
      `The encoder reads times: ${name}.times must have one of each of the ${count} ` +
      `items of the history, got ${got}.`
    );
  }
  const wrong = times.findIndex(
    (time, place) => !Number.isFinite(time) || (place > 0 && time < times[place - 1]!),
  );
  if (wrong < 0) return timeBeyondReach(name, times, settings);
  return `${name}.times must be finite and in order, oldest first, got ${times[wrong]} at ${wrong}.`;
}

/** A time that the encoder cannot calculate with leaves no number of all that it is read with. */
function timeBeyondReach(
  name: string,
  times: readonly number[],
  settings: TimeSettings,
): string | undefined {
  const wrong = times.findIndex((time) => !isWithinReach(time, settings));
  if (wrong < 0) return undefined;
  const { first, last } = settings;
  return (
    `${name}.times must be in the unit of the data, which lie from ${first} to ${last}: got ${times[wrong]} ` +
    `at ${wrong}, too far from these for float32. Give the time in that unit.`
  );
}

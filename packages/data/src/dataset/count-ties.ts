import { flatSequences } from './flat-sequences.ts';
import type { Sequences } from './sequences.ts';

/**
 * Interactions at the time of another one of the same user: their order is that of the rows alone.
 *
 * @param times of each user, ascending, so that equal ones stand side by side
 */
export function countTies(times: Sequences<Float64Array>): number {
  const { values, starts, ends } = flatSequences(times, Float64Array);
  let tied = 0;
  for (let user = 0; user < starts.length; user++) {
    const [start, last] = [starts[user]!, ends[user]! - 1];
    for (let at = start; at <= last; at++) {
      const isAsBefore = at > start && values[at] === values[at - 1];
      if (isAsBefore || (at < last && values[at] === values[at + 1])) tied++;
    }
  }
  return tied;
}

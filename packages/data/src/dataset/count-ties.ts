/**
 * Interactions at the time of another one of the same user: their order is that of the rows alone.
 *
 * @param times of each user, ascending, so that equal ones stand side by side
 */
export function countTies(times: readonly Float64Array[]): number {
  let tied = 0;
  for (const own of times) {
    for (let place = 0; place < own.length; place++) {
      if (own[place] === own[place - 1] || own[place] === own[place + 1]) tied++;
    }
  }
  return tied;
}

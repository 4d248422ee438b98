const day = 24 * 60 * 60;
/** First visits are spread evenly over this time. */
const arrivalSpan = 180 * day;
/** Mean time from one visit to the next. */
const meanAbsence = 3 * day;
/** Mean time from the start of a visit, or from its last click, to a click. */
const meanReading = 40;

/**
 * When one user clicked: shape `[clicks]`, whole seconds since the store opened, each later than
 * the one before. The clock is that of the visits, those without a click too: absences and the time
 * it takes to find something are exponential, so that a long gap tells that moods may have passed.
 *
 * @param visits the visit of each click, counted from 0, in the order of the clicks
 */
export function clickTimes(visits: Int32Array, random: () => number): Float64Array {
  let clock = Math.floor(random() * arrivalSpan);
  let current = 0;
  return Float64Array.from(visits, (visit) => {
    for (; current < visit; current++) clock += exponential(meanAbsence, random);
    clock += 1 + exponential(meanReading, random);
    return clock;
  });
}

/** An exponential waiting time, in whole seconds. */
function exponential(mean: number, random: () => number): number {
  return Math.floor(-mean * Math.log(1 - random())); // 1 - random() is never 0
}

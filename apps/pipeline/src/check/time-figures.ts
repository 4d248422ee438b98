import {
  countTies,
  isPlausibleDate,
  perSecond,
  type SequenceSplit,
  type Sequences,
  type TimeUnit,
  timeUnit,
} from '@rodpo/data';
import { type IntervalBucketOptions, intervalBuckets } from '@rodpo/encoder';

/** When interactions happened. */
export interface TimeFigures {
  /** In which the times say plausible dates; null if they say none. */
  readonly unit: TimeUnit | null;
  /** The first and the last: dates in UTC where the unit is known, else the numbers. */
  readonly from: string;
  readonly to: string;
  /** Of known unit, but before 1973 or after 2286: most likely unknown, and written as 0. */
  readonly undated: number;
  /** Interactions at the time of another one of the same user. */
  readonly tied: number;
  /** Users whose test item is at the time of the item before: which is the last is chance. */
  readonly tiedTargets: number;
  /** Of the intervals that the encoder would read, the share that its longest one stands for. */
  readonly cutIntervals: number;
  /** Interactions in parts of the span of equal length, oldest first. */
  readonly activity: readonly { readonly from: string; readonly interactions: number }[];
}

/** Parts of the span. */
const partCount = 48;

/**
 * @param times with at least one interaction
 * @param split of the sequences that they are the times of
 * @param intervals as the encoder tells them apart; undefined if it reads none
 */
export function timeFigures(
  times: Sequences<Float64Array>,
  { test }: SequenceSplit,
  intervals: Required<IntervalBucketOptions> | undefined,
): TimeFigures {
  const unit = timeUnit(times);
  const { first, last } = spanOf(times);
  const said = (time: number) => (unit ? dateOf(time / perSecond(unit)) : String(time));
  let tiedTargets = 0;
  for (const { user, history } of test) {
    const own = times.at(user)!;
    if (own[history.length] === own[history.length - 1]) tiedTargets++;
  }
  return {
    unit: unit ?? null,
    from: said(first),
    to: said(last),
    undated: unit ? count(times, (time) => !isPlausibleDate(time / perSecond(unit))) : 0,
    tied: countTies(times),
    tiedTargets,
    cutIntervals: intervals ? shareOfCutIntervals(times, intervals) : 0,
    activity: activityOf(times, { first, last, said }),
  };
}

function spanOf(times: Sequences<Float64Array>): { first: number; last: number } {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const own of times) {
    for (const time of own) {
      if (time < first) first = time;
      if (time > last) last = time;
    }
  }
  return { first, last };
}

/** `2015-01-31 23:59`, in UTC; the number where no calendar goes so far. */
function dateOf(seconds: number): string {
  const date = new Date(1000 * seconds);
  if (Number.isNaN(date.getTime())) return String(seconds);
  return date.toISOString().replace('T', ' ').slice(0, -8);
}

function count(times: Sequences<Float64Array>, isCounted: (time: number) => boolean): number {
  let counted = 0;
  for (const own of times) for (const time of own) if (isCounted(time)) counted++;
  return counted;
}

function shareOfCutIntervals(
  times: Sequences<Float64Array>,
  settings: Required<IntervalBucketOptions>,
): number {
  let cut = 0;
  let total = 0;
  for (const own of times) {
    const buckets = intervalBuckets(own, settings).subarray(1); // the first has none before
    total += buckets.length;
    for (const bucket of buckets) if (bucket === settings.count - 1) cut++;
  }
  return total === 0 ? 0 : cut / total;
}

function activityOf(
  times: Sequences<Float64Array>,
  { first, last, said }: { first: number; last: number; said: (time: number) => string },
): TimeFigures['activity'] {
  const parts = first === last ? 1 : partCount;
  const counts = new Float64Array(parts);
  const width = (last - first) / parts;
  for (const own of times) {
    for (const time of own) {
      // The last moment belongs to the last part, which else would begin with it.
      counts[width === 0 ? 0 : Math.min(parts - 1, Math.floor((time - first) / width))]!++;
    }
  }
  return Array.from(counts, (interactions, part) => ({
    from: said(first + part * width),
    interactions,
  }));
}

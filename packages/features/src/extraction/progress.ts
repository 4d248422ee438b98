import { performance } from 'node:perf_hooks';

/** How far a run is. */
export interface ExtractionProgress {
  /** Items finished, by this run or before it, with or without a vector. */
  readonly done: number;
  /** Items of the shards that this run is to make. */
  readonly total: number;
  /** Items without a vector among those done. */
  readonly failed: number;
  /** Items finished by this run per second: those of shards that were there do not count. */
  readonly perSecond: number;
  /** At this rate; `Infinity` as long as there is no rate. */
  readonly secondsLeft: number;
}

/** Milliseconds from any fixed moment. */
export type Clock = () => number;

/** Counts items and tells the rate, from when work began. */
export interface ProgressTracker {
  addKept(items: number, failed: number): ExtractionProgress;
  addMade(items: number, failed: number): ExtractionProgress;
}

export function trackProgress(
  total: number,
  clock: Clock = () => performance.now(),
): ProgressTracker {
  let since = clock();
  let [done, failed, made] = [0, 0, 0];
  const report = (): ExtractionProgress => {
    const seconds = (clock() - since) / 1000;
    const perSecond = made > 0 && seconds > 0 ? made / seconds : 0;
    const secondsLeft = done === total ? 0 : (total - done) / perSecond;
    return { done, total, failed, perSecond, secondsLeft };
  };
  return {
    addKept: (items, failures) => {
      if (made === 0) since = clock(); // looking at what is there is not work
      done += items;
      failed += failures;
      return report();
    },
    addMade: (items, failures) => {
      done += items;
      made += items;
      failed += failures;
      return report();
    },
  };
}

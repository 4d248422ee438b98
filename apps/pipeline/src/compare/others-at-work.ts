import { setTimeout as sleep } from 'node:timers/promises';

/** What a queue has to do. */
export interface Left {
  readonly active: number;
  readonly waiting: number;
  readonly delayed: number;
}

export interface OthersAtWorkOptions {
  /** What is left; a look that fails says nothing, and is taken again. */
  readonly left: () => Promise<Left>;
  /** Whether this process is at one of the units itself. */
  readonly isBusy: () => boolean;
  /** Nothing is left at all. */
  readonly drained: AbortSignal;
  /** Milliseconds between two looks. Default 2000. */
  readonly pollInterval?: number;
}

/** Resolves once all that is left is in the hands of others: to how much that is, or to 0 when drained. */
export async function othersAtWork({
  left,
  isBusy,
  drained,
  pollInterval = 2000,
}: OthersAtWorkOptions): Promise<number> {
  while (!drained.aborted) {
    await sleep(pollInterval, undefined, { signal: drained }).catch(() => {});
    if (drained.aborted) return 0;
    const found = await left().catch(() => undefined); // the worker tells of errors
    // The look took a while, and a unit may have been taken meanwhile.
    if (!found || drained.aborted || isBusy()) continue;
    if (found.active > 0 && found.waiting + found.delayed === 0) return found.active;
  }
  return 0;
}

export interface WatchOptions extends Pick<OthersAtWorkOptions, 'left' | 'pollInterval'> {
  /** Called once, if all that is left is in the hands of others. */
  readonly onWaiting: (count: number) => void;
}

/** Looks at a queue while this process works on it, too. */
export interface Watch {
  /** Does a unit; meanwhile this process waits for nobody. */
  whileBusy(work: () => Promise<void>): Promise<void>;
  /** Ends the looking. */
  stop(): Promise<void>;
}

/** Tells when nothing is left for this process to do, and others are still at work. */
export function watchOthers({ onWaiting, ...looking }: WatchOptions): Watch {
  const drained = new AbortController();
  let isBusy = false;
  const watching = othersAtWork({
    ...looking,
    isBusy: () => isBusy,
    drained: drained.signal,
  }).then((count) => {
    if (count > 0) onWaiting(count);
  });
  return {
    whileBusy: async (work) => {
      isBusy = true;
      try {
        await work();
      } finally {
        isBusy = false;
      }
    },
    stop: () => {
      drained.abort();
      return watching;
    },
  };
}

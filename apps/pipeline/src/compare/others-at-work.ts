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

import type { Recommender, RecommendRequest } from '@rodpo/serving/web';
import type { SiteUser } from '../src/site.ts';

/** An item of the history. */
export interface Chosen {
  readonly id: string;
  /** In the unit of the data; undefined if it was chosen here. */
  readonly time?: number | undefined;
}

/** What somebody chose before the choice that was held out. */
export function chosenBy({ history, times }: SiteUser): Chosen[] {
  return history.map((id, at) => ({ id, time: times?.[at] }));
}

/**
 * When each was chosen, for encoders that read times. What was chosen here came after all that was learned from, and
 * nothing before what stands before it.
 *
 * @param latest time that was learned from
 */
function timesOf(history: readonly Chosen[], latest: number): number[] {
  let before = Number.NEGATIVE_INFINITY;
  return history.map(({ time = latest }) => {
    before = Math.max(before, time);
    return before;
  });
}

/** A history as a model is asked about it. */
export function historyOf(
  { manifest: { times } }: Pick<Recommender, 'manifest'>,
  chosen: readonly Chosen[],
): Pick<RecommendRequest, 'history' | 'times'> {
  return {
    history: chosen.map(({ id }) => id),
    ...(times ? { times: timesOf(chosen, times.last) } : {}),
  };
}

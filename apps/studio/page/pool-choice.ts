import type { RecommendRequest } from '@rodpo/serving/web';
import type { SitePool, SiteUser } from '../src/site.ts';
import { type Chosen, chosenBy } from './chosen.ts';

/** All that somebody chose, as far as it is known, oldest first. */
export const sequenceOf = ({ history, next }: SiteUser): string[] => [...history, next];

/** Choices with something before them that the models learned from, and the one that was held out. */
export function placesOf({ history, learned = history.length }: SiteUser): number[] {
  const places = Array.from({ length: learned }, (_, at) => at);
  return [...places.slice(1), history.length];
}

/** Of real data, one after which much is still to come; a simulation knows of each. */
export function firstPlace(user: SiteUser): number {
  const places = placesOf(user);
  return user.liked ? user.history.length : places[(places.length - 1) >> 1]!;
}

/** What the pool is asked for, and how it is judged. */
export interface Choice extends Required<Pick<RecommendRequest, 'exclude' | 'repeats'>> {
  readonly before: readonly Chosen[];
  /** What is no negative in truth, as far as it is known. */
  readonly wanted: ReadonlySet<string>;
}

/** @param history as it stands on the page: the user's own, changed or not; of the held-out choice alone */
export function choiceAt(
  place: number,
  { pool, user, history }: { pool: SitePool; user: SiteUser; history: readonly Chosen[] },
): Choice {
  const sequence = sequenceOf(user);
  const isHeldOut = place === user.history.length;
  const learned = user.history.slice(0, user.learned);
  const isWhole = pool.exclude === 'history' && !isHeldOut;
  return {
    before: isHeldOut ? history : chosenBy(user).slice(0, place),
    exclude: isWhole ? [...learned, sequence[place]!] : [sequence[place]!],
    repeats: pool.exclude === 'chosen',
    wanted: new Set(user.liked ?? sequence.slice(place + 1)),
  };
}

/** What there is to say of the false ones. */
export function saidOf({ id, liked, history }: SiteUser, place: number, share: string): string {
  if (liked) return `${share} are false negatives: ${id} would like them, as the simulation knows.`;
  if (place === history.length)
    return 'What came later is not known: an earlier choice tells more.';
  return `${share} are false negatives: ${id} chose them later. Of the others, real data do not tell.`;
}

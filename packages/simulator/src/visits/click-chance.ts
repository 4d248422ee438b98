import type { Catalogue } from '../catalogue/catalogue.ts';
import { complementCodes } from '../catalogue/complements.ts';
import { attraction } from '../users/affinity.ts';
import { decisiveness } from '../users/pickiness.ts';
import type { User } from '../users/user.ts';
import type { Mood } from './mood.ts';

/** Probability that a user clicks an item looked at now, before any position bias. */
export function clickChance(
  catalogue: Catalogue,
  user: User,
  mood: Mood,
  item: number,
  lift: number,
): number {
  const affinity = mood.closeness(item) + attraction(catalogue, user.taste.priceSensitivity, item);
  return 1 / (1 + Math.exp(-decisiveness * (affinity - user.threshold) - lift));
}

/** Whether an item is of a category that complements the last click's, in the same style. */
export function isComplement(catalogue: Catalogue, item: number, lastClick: number): boolean {
  if (lastClick < 0 || catalogue.style[item] !== catalogue.style[lastClick]) return false;
  return complementCodes[catalogue.category[lastClick]!]!.includes(catalogue.category[item]!);
}

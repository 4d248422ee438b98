import type { Catalogue } from '../catalogue/catalogue.ts';
import { type ActivityOptions, drawActivity } from './activity.ts';
import { affinities } from './affinity.ts';
import { drawThreshold, thresholdItems } from './pickiness.ts';
import { drawTaste, type Taste } from './taste.ts';

export interface User {
  readonly taste: Taste;
  /** The affinity from which the user clicks an item more often than not. */
  readonly threshold: number;
  /** How many clicks the user makes before leaving for good. */
  readonly activity: number;
}

export interface UserOptions extends ActivityOptions {
  readonly likedShare: number;
}

/** Draws one user. */
export function drawUser(catalogue: Catalogue, options: UserOptions, random: () => number): User {
  const taste = drawTaste(catalogue, random);
  const judged = thresholdItems(catalogue.appeal.length, random);
  const affinity = affinities(catalogue, taste, judged);
  const threshold = drawThreshold(affinity, options.likedShare, random);
  return { taste, threshold, activity: drawActivity(options, random) };
}

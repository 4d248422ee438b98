import type { Catalogue } from '../catalogue/catalogue.ts';
import { type ActivityOptions, drawActivity } from './activity.ts';
import { affinities } from './affinity.ts';
import { drawThreshold } from './pickiness.ts';
import { drawTaste, type Taste } from './taste.ts';

export interface User {
  readonly taste: Taste;
  /** The affinity from which the user clicks an item more often than not. */
  readonly threshold: number;
  /** The items at that affinity or above, ascending. */
  readonly likedItems: Int32Array;
  /** How many clicks the user makes before leaving for good. */
  readonly activity: number;
}

export interface UserOptions extends ActivityOptions {
  readonly likedShare: number;
}

/** Draws one user. */
export function drawUser(catalogue: Catalogue, options: UserOptions, random: () => number): User {
  const taste = drawTaste(catalogue, random);
  const affinity = affinities(catalogue, taste);
  const threshold = drawThreshold(affinity, options.likedShare, random);
  return {
    taste,
    threshold,
    likedItems: itemsFrom(threshold, affinity),
    activity: drawActivity(options, random),
  };
}

function itemsFrom(threshold: number, affinity: Float32Array): Int32Array {
  const items: number[] = [];
  for (let item = 0; item < affinity.length; item++) {
    if (affinity[item]! >= threshold) items.push(item);
  }
  return Int32Array.from(items);
}

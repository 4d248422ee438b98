import { nthSmallest } from '../nth-smallest.ts';

/** Logits per unit of affinity: how sharply a user tells liked from not liked. */
export const decisiveness = 20;

/** Items up to which a threshold is drawn from the whole catalogue. */
const wholeUpTo = 16_384;
/** Items of a larger catalogue that each user's threshold is drawn from. */
const sampleSize = 1024;

/** Items in a row, from `from` up to, not including, `to`. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * What a user's threshold is drawn from: the whole catalogue, or a stretch of a large one. Items are
 * drawn independently, so that those of a stretch are a sample as good as any.
 */
export function thresholdItems(itemCount: number, random: () => number): Stretch {
  if (itemCount <= wholeUpTo) return { from: 0, to: itemCount };
  const from = Math.floor(random() * (itemCount - sampleSize + 1));
  return { from, to: from + sampleSize };
}

/**
 * The affinity above which a user likes an item, so that the user likes a share of the items drawn
 * between 0.6 and 1.4 times `likedShare`, one at least. Changes the order of the affinities.
 */
export function drawThreshold(
  affinities: Float32Array,
  likedShare: number,
  random: () => number,
): number {
  const share = likedShare * (0.6 + 0.8 * random());
  const count = Math.min(affinities.length, Math.max(1, Math.round(share * affinities.length)));
  return nthSmallest(affinities, affinities.length - count);
}

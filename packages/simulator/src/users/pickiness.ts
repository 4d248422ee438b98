/** Logits per unit of affinity: how sharply a user tells liked from not liked. */
export const decisiveness = 20;

/**
 * The affinity above which a user likes an item, so that the user likes a share
 * of the catalogue drawn between 0.6 and 1.4 times `likedShare`, one item at least.
 */
export function drawThreshold(
  affinities: Float32Array,
  likedShare: number,
  random: () => number,
): number {
  const share = likedShare * (0.6 + 0.8 * random());
  const count = Math.min(affinities.length, Math.max(1, Math.round(share * affinities.length)));
  return affinities.slice().sort()[affinities.length - count]!;
}

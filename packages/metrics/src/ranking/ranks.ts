/**
 * Where one case's relevant items stand: their 1-based ranks among the ranked items, in any order;
 * a plain number is one target. A half rank comes from averaged ties, `Infinity` is an item that
 * the list does not hold. Two items share a rank only where ties were averaged.
 */
export type Ranks = number | ArrayLike<number>;

/** How many relevant items a case has. */
export function relevantCount(ranks: Ranks): number {
  return typeof ranks === 'number' ? 1 : ranks.length;
}

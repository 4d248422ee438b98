import type { Storefront } from '@rodpo/simulator';

/** Mean of some numbers. */
export function mean(values: Iterable<number>): number {
  const list = [...values];
  return list.reduce((sum, value) => sum + value, 0) / list.length;
}

/** Clicks of every item: shape `[itemCount]`. */
export function clickCounts({
  products,
  sequences,
}: Pick<Storefront, 'products' | 'sequences'>): Float64Array {
  const counts = new Float64Array(products.length);
  for (const item of sequences.flatMap((sequence) => [...sequence])) counts[item]!++;
  return counts;
}

/** Gini coefficient: 0 when all are equal, towards 1 when one has everything. */
export function gini(values: Float64Array): number {
  const sorted = values.slice().sort();
  const weighted = sorted.reduce((sum, value, rank) => sum + (rank + 1) * value, 0);
  const total = sorted.reduce((sum, value) => sum + value, 0);
  return (2 * weighted) / (sorted.length * total) - (sorted.length + 1) / sorted.length;
}

/** Items that a user likes, ascending. */
export function likedBy({ products, likes }: Storefront, user: number): number[] {
  return [...products.keys()].filter((item) => likes(user, item));
}

import type { ItemLists } from '../negative-sampler.ts';

/**
 * Keeps each row from its chosen item only: a row may draw what its user chose before.
 *
 * @param chosen `[rowCount]`
 */
export function excludeChosen(chosen: Int32Array): ItemLists {
  const offsets = Int32Array.from({ length: chosen.length + 1 }, (_, row) => row);
  return { offsets, items: chosen.slice() };
}

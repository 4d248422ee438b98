import { rowCountOf } from '../beyond-accuracy/row-count.ts';

/** How alike two pools are, row by row: shape `[rowCount]` each. */
export interface PoolOverlap {
  /** Items in both over items in either; `NaN` if both are empty. */
  readonly jaccard: Float64Array;
  /** Items in both over items in the previous pool; `NaN` if that is empty. */
  readonly kept: Float64Array;
}

/**
 * How much of a dynamic pool of negatives survives a refresh. Near 1, the policy has stopped
 * moving or the pool is stale; near 0, negatives change faster than the model can learn from them.
 *
 * @param previous `[rowCount, poolSize]` items, row after row, in any order; −1 is fill
 * @param pool the pool after the refresh, in the same shape
 * @throws {RangeError} if the lengths differ, or are not whole rows
 */
export function poolOverlap(previous: Int32Array, pool: Int32Array, poolSize: number): PoolOverlap {
  if (previous.length !== pool.length) {
    throw new RangeError(
      `expected pools of the same shape, got ${previous.length} and ${pool.length} items. ` +
        'Fill up the smaller one with −1.',
    );
  }
  const rowCount = rowCountOf('pool', pool.length, poolSize);
  const [jaccard, kept] = [new Float64Array(rowCount), new Float64Array(rowCount)];
  for (let row = 0; row < rowCount; row++) {
    const [old, fresh] = [itemsOf(previous, row, poolSize), itemsOf(pool, row, poolSize)];
    let both = 0;
    for (const item of fresh) if (old.has(item)) both++;
    jaccard[row] = both / (old.size + fresh.size - both); // 0 / 0 is NaN
    kept[row] = both / old.size;
  }
  return { jaccard, kept };
}

function itemsOf(pool: Int32Array, row: number, poolSize: number): Set<number> {
  const items = new Set(pool.subarray(row * poolSize, (row + 1) * poolSize));
  items.delete(-1);
  return items;
}

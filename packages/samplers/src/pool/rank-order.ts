import type { Pool } from './pool.ts';

/**
 * Fills the first `pool.size` of `order` with the positions of the pool, the first `count` of them
 * from the best-scored item down, ties to the lower item; the rest in any order.
 *
 * Takes what it needs off a heap whose best item is on top: O(size + count · log size), nothing
 * allocated. Wants no NaN.
 */
export function rankOrder(order: Int32Array, pool: Pool, count: number = pool.size): void {
  const { size } = pool;
  for (let index = 0; index < size; index++) order[index] = index;
  for (let root = (size >> 1) - 1; root >= 0; root--) siftDown(order, pool, root, size);
  const end = Math.max(0, size - count);
  for (let last = size - 1; last >= end && last > 0; last--) {
    swap(order, 0, last);
    siftDown(order, pool, 0, last);
  }
  for (let index = 0; index < size >> 1; index++) swap(order, index, size - 1 - index);
}

function swap(order: Int32Array, a: number, b: number): void {
  const moved = order[a]!;
  order[a] = order[b]!;
  order[b] = moved;
}

/** Puts the root of a heap where it belongs. */
function siftDown(order: Int32Array, pool: Pool, root: number, size: number): void {
  const moved = order[root]!;
  let hole = root;
  for (let child = 2 * hole + 1; child < size; child = 2 * hole + 1) {
    if (child + 1 < size && isBetter(pool, order[child + 1]!, order[child]!)) child++;
    if (!isBetter(pool, order[child]!, moved)) break;
    order[hole] = order[child]!;
    hole = child;
  }
  order[hole] = moved;
}

function isBetter({ scores, items }: Pool, a: number, b: number): boolean {
  const difference = scores[a]! - scores[b]!;
  if (difference > 0) return true;
  return difference < 0 ? false : items[a]! < items[b]!; // equal infinities differ by NaN
}

/**
 * The 1-based ranks of relevant items in a recommended list, best first, in the order of
 * `relevant`: shape `[relevantCount]`, `Infinity` where the list does not hold the item. Items are
 * anything a `Map` tells apart: indices, strings. An item listed again keeps its first place, and
 * the repeat takes a place of its own.
 *
 * @throws {RangeError} if an item is relevant twice
 */
export function ranksInList<Item>(list: ArrayLike<Item>, relevant: ArrayLike<Item>): Float64Array {
  const indexOf = new Map<Item, number>();
  for (let index = 0; index < relevant.length; index++) {
    const item = relevant[index]!;
    if (indexOf.has(item)) {
      throw new RangeError(`relevant item ${String(item)} is listed twice. List every item once.`);
    }
    indexOf.set(item, index);
  }

  const ranks = new Float64Array(relevant.length).fill(Number.POSITIVE_INFINITY);
  for (let place = list.length; place >= 1; place--) {
    const index = indexOf.get(list[place - 1]!);
    if (index !== undefined) ranks[index] = place; // from the end, so that the first place stays
  }
  return ranks;
}

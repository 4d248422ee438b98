import { checkItem } from '../check-item.ts';
import { type CaseLists, eachList } from './case-lists.ts';

/**
 * How often each item is shown over all lists: shape `[itemCount]`. An item that a list repeats
 * counts each time. `catalogueCoverage`, `giniIndex` and `shannonEntropy` start from here.
 *
 * @throws {RangeError} if an item is not an index below `itemCount`
 */
export function exposureCounts(lists: CaseLists, itemCount: number): Float64Array {
  const counts = new Float64Array(itemCount); // doubles count exactly to 2^53, uint32 to 4 · 10^9
  addExposure(counts, lists);
  return counts;
}

/**
 * Adds the exposure of more lists to `counts`, `[itemCount]`, in place: for users that arrive in
 * chunks. Memory stays at one number per item however many users pass by. Counts of shards that
 * were counted apart add up element by element.
 *
 * @throws {RangeError} if an item is not an index into `counts`; earlier items are counted by then
 */
export function addExposure(counts: Float64Array, lists: CaseLists): void {
  for (const list of eachList(lists)) {
    for (let place = 0; place < list.length; place++) {
      const item = list[place]!;
      checkItem('item', item, counts.length);
      counts[item]!++;
    }
  }
}

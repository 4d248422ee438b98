import { checkItem } from '../check-item.ts';
import { type CaseLists, eachList } from './case-lists.ts';

/** Each list's mean of `values`, indexed by item: shape `[caseCount]`; `NaN` for an empty list. */
export function meanOfItems(lists: CaseLists, values: ArrayLike<number>): Float64Array {
  const means: number[] = [];
  for (const list of eachList(lists)) {
    let sum = 0;
    for (let place = 0; place < list.length; place++) {
      checkItem('item', list[place]!, values.length);
      sum += values[list[place]!]!;
    }
    means.push(sum / list.length); // 0 / 0 is NaN
  }
  return Float64Array.from(means);
}

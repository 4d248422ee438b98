import { type CaseLists, eachList } from './case-lists.ts';
import { checkRowCount, type ItemMembership, memberTest } from './item-membership.ts';

/**
 * The share of each list that is relevant and that a primitive recommender would not have shown:
 * `|{items that are relevant and not expected}| / |list|`. Shape `[caseCount]`, `NaN` for an
 * empty list; `caseMean` gives the mean.
 *
 * @param relevant the items each case turned out to like, such as its held-out items
 * @param expected what needs no recommender, usually the most popular items: the same for all
 * cases, `(_, item) => popular.has(item)`, or a list per case
 * @see Ge et al., "Beyond Accuracy: Evaluating Recommender Systems by Coverage and Serendipity",
 * RecSys 2010, whose N is taken to be the length of the list; Adamopoulos and Tuzhilin, "On
 * Unexpectedness in Recommender Systems", ACM TIST 2014
 * @throws {RangeError} if `relevant` or `expected` has lists for another number of cases, or offsets that do not
 * fit its items
 */
export function serendipity(
  lists: CaseLists,
  relevant: ItemMembership,
  expected: ItemMembership,
): Float64Array {
  const [isRelevant, isExpected] = [memberTest(relevant), memberTest(expected)];
  const shares: number[] = [];
  for (const list of eachList(lists)) {
    const row = shares.length;
    let found = 0;
    for (let place = 0; place < list.length; place++) {
      const item = list[place]!;
      if (isRelevant(row, item) && !isExpected(row, item)) found++;
    }
    shares.push(found / list.length); // 0 / 0 is NaN
  }
  checkRowCount('relevant', relevant, shares.length);
  checkRowCount('expected', expected, shares.length);
  return Float64Array.from(shares);
}

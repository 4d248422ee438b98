import { checkItem } from '../check-item.ts';
import { type CaseLists, pairLists } from './case-lists.ts';
import { type CategoryRows, categoryRows, type ItemCategories } from './item-categories.ts';

export interface CalibrationOptions {
  /** Share of `p` mixed into `q`, which keeps the divergence finite; from 0, below 1. Default 0.01. */
  readonly alpha?: number;
  /**
   * Weight of each place of a recommended list, `[cutoff]` or longer: `1 / log2(rank + 1)`, say.
   * By default all places weigh the same.
   */
  readonly rankWeights?: ArrayLike<number>;
}

/**
 * How far the categories of each list are from those of the user's history, in nats; 0 is
 * calibrated, lower is better: `KL(p ‖ (1 − α) q + α p)` with `p` the distribution of categories
 * over the profile and `q` that over the list. Shape `[caseCount]`.
 *
 * Each item spreads a weight of 1 over its categories in proportion to theirs. Items without
 * categories are left out; if a list or a profile has no other, the value is `NaN`.
 *
 * @see Steck, "Calibrated Recommendations", RecSys 2018, doi 10.1145/3240323.3240372; all items of
 * the profile weigh the same here
 * @throws {RangeError} if there are not as many profiles as lists, an item has no row of
 * categories, `categories` is malformed, `rankWeights` is too short, or `alpha` is out of range
 */
export function calibration(
  lists: CaseLists,
  profiles: CaseLists,
  categories: ItemCategories,
  { alpha = 0.01, rankWeights }: CalibrationOptions = {},
): Float64Array {
  if (!(alpha >= 0 && alpha < 1)) {
    throw new RangeError(`alpha must be from 0 and below 1, got ${alpha}. Steck takes 0.01.`);
  }
  const rows = categoryRows(categories);
  const [p, q] = [
    new Float64Array(categories.categoryCount),
    new Float64Array(categories.categoryCount),
  ];
  const divergences: number[] = [];
  for (const [list, profile] of pairLists(lists, profiles)) {
    fillDistribution(p, profile, rows);
    fillDistribution(q, list, rows, rankWeights);
    divergences.push(divergence(p, q, alpha));
  }
  return Float64Array.from(divergences);
}

/** Fills `into` with the distribution of categories over `list`; with NaN if there are none. */
function fillDistribution(
  into: Float64Array,
  list: ArrayLike<number>,
  { itemCount, offsets, categories, weights }: CategoryRows,
  rankWeights?: ArrayLike<number>,
): void {
  into.fill(0);
  let sum = 0;
  for (let place = 0; place < list.length; place++) {
    const item = list[place]!;
    checkItem('item', item, itemCount);
    const placeWeight = rankWeights ? weightAt(rankWeights, place) : 1;
    for (let entry = offsets[item]!; entry < offsets[item + 1]!; entry++) {
      const share = placeWeight * weights[entry]!;
      into[categories[entry]!]! += share;
      sum += share;
    }
  }
  for (let category = 0; category < into.length; category++) into[category]! /= sum; // 0 / 0 is NaN
}

function weightAt(rankWeights: ArrayLike<number>, place: number): number {
  const weight = rankWeights[place];
  if (weight === undefined || !(weight >= 0)) {
    throw new RangeError(
      `expected a rank weight of at least 0 for rank ${place + 1}, got ${weight}. ` +
        'Pass one for every place of the longest list.',
    );
  }
  return weight;
}

function divergence(p: Float64Array, q: Float64Array, alpha: number): number {
  let sum = 0;
  for (let category = 0; category < p.length; category++) {
    const [own, other] = [p[category]!, q[category]!];
    const mixed = (1 - alpha) * other + alpha * own;
    if (own !== 0) sum += own * Math.log(own / mixed); // p ln p tends to 0 with p
  }
  return Math.max(sum, 0); // rounding can leave −1e-17 where both are equal
}

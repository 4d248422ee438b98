import type { RankingCase, ReadonlyList } from '@rodpo/data';
import type { BothRanks } from '../workspace/ranker.ts';

/** A ranking that needs no model: what a model is worth is what it adds to the best of them. */
export interface Rule {
  /** Rank of each case's target, from 1, in the order of the cases; ties count against it. */
  bothRanks(cases: ReadonlyList<RankingCase>): BothRanks;
}

/** How a rule orders the items for one case. */
export interface Order {
  /** How many items stand at least as high as the target, itself among them. */
  reached(one: RankingCase): number;
  /** Whether an item does. */
  reaches(item: number, one: RankingCase): boolean;
}

/** The ranks of an order, with and without what the user chose before. */
export function ruleOf({ reached, reaches }: Order): Rule {
  return {
    bothRanks: (cases) => {
      const all = new Float32Array(cases.length);
      const masked = new Float32Array(cases.length);
      for (const [place, one] of cases.entries()) {
        all[place] = reached(one);
        const known = [...new Set(one.history)].filter((item) => item !== one.target);
        masked[place] = all[place]! - known.filter((item) => reaches(item, one)).length;
      }
      return { all, masked };
    },
  };
}

/** How many of sorted numbers, the least first, are at least as large as one. */
export function countFrom(sorted: Float64Array, least: number): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (sorted[middle]! < least) from = middle + 1;
    else to = middle;
  }
  return sorted.length - from;
}

import type { Storefront } from '@rodpo/simulator';
import { clickCounts } from './measures.ts';

type Score = (history: Int32Array, item: number) => number;

export interface LeaveOneOut {
  readonly popularity: Score;
  /** How often an item came right after the last one in the history. */
  readonly markov: Score;
  /** How often it came right before: the same counts with the arrow of time reversed. */
  readonly backwardMarkov: Score;
  /** Share of users whose held-out click is among the `cutoff` best unclicked items. */
  readonly hitRate: (score: Score, cutoff: number) => number;
}

/** Last clicks held out. Scores what the earlier clicks know, and how often a score hits. */
export function leaveOneOut({ products, sequences }: Storefront): LeaveOneOut {
  const itemCount = products.length;
  const histories = sequences.map((sequence) => sequence.slice(0, -1));
  const popularity = clickCounts({ products, sequences: histories });
  const followers = new Float64Array(itemCount * itemCount); // [from * itemCount + to]
  for (const history of histories) {
    for (let step = 1; step < history.length; step++) {
      followers[history[step - 1]! * itemCount + history[step]!]!++;
    }
  }
  const tieBreak = (item: number) => popularity[item]! * 1e-6;
  return {
    popularity: (_, item) => popularity[item]!,
    markov: (history, item) => followers[history.at(-1)! * itemCount + item]! + tieBreak(item),
    backwardMarkov: (history, item) =>
      followers[item * itemCount + history.at(-1)!]! + tieBreak(item),
    hitRate: (score, cutoff) => {
      const hits = histories.filter((history, user) => {
        const target = sequences[user]!.at(-1)!;
        return rank(score, history, target, itemCount) < cutoff;
      });
      return hits.length / histories.length;
    },
  };
}

/** Unclicked items that score at least as well as the target: ties count against it. */
function rank(score: Score, history: Int32Array, target: number, itemCount: number): number {
  const bar = score(history, target);
  let better = 0;
  for (let item = 0; item < itemCount; item++) {
    if (item !== target && score(history, item) >= bar && !history.includes(item)) better++;
  }
  return better;
}

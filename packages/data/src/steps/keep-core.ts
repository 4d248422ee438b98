import type { FlatDataset } from '../dataset/flat-dataset.ts';
import type { InteractionMask } from './interaction-mask.ts';
import { peelCore } from './peel-core.ts';

export interface CoreThresholds {
  /** Fewest interactions that a user keeps. */
  readonly users: number;
  /** Fewest interactions that an item keeps. */
  readonly items: number;
}

/** Most data are through after ten; a chain of removals as long as the data is not. */
const mostRounds = 16;

/**
 * Takes out of `kept` what is not in the largest part in which every user and every item has enough
 * interactions.
 *
 * Goes through the data as they lie, which needs nothing but a number for each user and item; what takes
 * more rounds than a few is peeled, so that the time stays linear in the number of interactions.
 */
export function keepCore(
  dataset: FlatDataset,
  kept: InteractionMask,
  thresholds: CoreThresholds,
): void {
  const rounds = new CoreRounds(dataset, kept, thresholds);
  let round = 0;
  while (rounds.dropUsers() && round < mostRounds) round++;
  rounds.apply();
  if (round === mostRounds) peelCore(dataset, kept, thresholds);
}

class CoreRounds {
  private readonly sequences: FlatDataset['sequences'];
  private readonly kept: InteractionMask;
  private readonly thresholds: CoreThresholds;
  private readonly isDropped: Uint8Array;
  /** Of items, among users that are not dropped; one with too few is out. */
  private readonly degrees: Int32Array;

  constructor(
    { sequences, itemIds }: FlatDataset,
    kept: InteractionMask,
    thresholds: CoreThresholds,
  ) {
    this.sequences = sequences;
    this.kept = kept;
    this.thresholds = thresholds;
    this.isDropped = new Uint8Array(sequences.length);
    this.degrees = new Int32Array(itemIds.length);
    const { values, starts, ends } = sequences;
    let next = 0;
    for (let user = 0; user < starts.length; user++) {
      for (let at = starts[user]!; at < ends[user]!; at++) {
        if (kept[next++]) this.degrees[values[at]!]!++;
      }
    }
  }

  /** @returns whether there were users with too few interactions */
  dropUsers(): boolean {
    const { sequences, isDropped, thresholds } = this;
    const { starts, ends } = sequences;
    let hasDropped = false;
    let begin = 0;
    for (let user = 0; user < starts.length; user++) {
      if (isDropped[user] === 0 && this.countOf(user, begin) < thresholds.users) {
        isDropped[user] = 1;
        hasDropped = true;
        this.lowerItemsOf(user, begin);
      }
      begin += ends[user]! - starts[user]!;
    }
    return hasDropped;
  }

  /** Takes what has fallen out of the mask. */
  apply(): void {
    const { sequences, kept, thresholds, isDropped, degrees } = this;
    const { values, starts, ends } = sequences;
    let next = 0;
    for (let user = 0; user < starts.length; user++) {
      for (let at = starts[user]!; at < ends[user]!; at++) {
        if (isDropped[user] === 1 || degrees[values[at]!]! < thresholds.items) kept[next] = 0;
        next++;
      }
    }
  }

  /** Interactions of a user with items that are not out; `begin` is the user's first in the mask. */
  private countOf(user: number, begin: number): number {
    const { sequences, kept, thresholds, degrees } = this;
    const { values, starts, ends } = sequences;
    let [count, next] = [0, begin];
    for (let at = starts[user]!; at < ends[user]!; at++) {
      if (kept[next++] && degrees[values[at]!]! >= thresholds.items) count++;
    }
    return count;
  }

  private lowerItemsOf(user: number, begin: number): void {
    const { sequences, kept, degrees } = this;
    const { values, starts, ends } = sequences;
    let next = begin;
    for (let at = starts[user]!; at < ends[user]!; at++) {
      if (kept[next++]) degrees[values[at]!]!--;
    }
  }
}

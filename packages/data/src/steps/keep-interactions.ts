import type { FlatDataset } from '../dataset/flat-dataset.ts';
import { FlatSequences } from '../dataset/flat-sequences.ts';
import type { InteractionMask } from './interaction-mask.ts';

/**
 * The part of a dataset that a mask keeps. Users without interactions and items without users go,
 * and those that stay are numbered anew, in their order; times stay in step.
 *
 * @returns nothing where everything stays
 */
export function keepInteractions(
  dataset: FlatDataset,
  kept: InteractionMask,
): FlatDataset | undefined {
  const { itemIds, newIndex, total } = numberItems(dataset, kept);
  const { userIds, sequences, times } = dataset;
  const items = new Int32Array(total);
  const itemTimes = times && new Float64Array(total);
  const counts = pick(dataset, kept, { newIndex, items, itemTimes });
  if (total === kept.length && itemIds.length === newIndex.length && !counts.includes(0)) {
    return undefined;
  }
  const own = FlatSequences.ofLengths(
    items,
    counts.filter((count) => count > 0),
  );
  return {
    userIds:
      own.length === sequences.length ? userIds : userIds.filter((_, user) => counts[user]! > 0),
    itemIds,
    sequences: own,
    ...(itemTimes ? { times: new FlatSequences(itemTimes, own.starts, own.ends) } : {}),
  };
}

/** Items that are still there by their new numbers, in their order; how many interactions there are. */
function numberItems({ itemIds, sequences }: FlatDataset, kept: InteractionMask) {
  const { values, starts, ends } = sequences;
  const newIndex = new Int32Array(itemIds.length).fill(-1);
  let [next, total] = [0, 0];
  for (let user = 0; user < starts.length; user++) {
    for (let at = starts[user]!; at < ends[user]!; at++) {
      if (kept[next++] === 0) continue;
      newIndex[values[at]!] = 0;
      total++;
    }
  }
  let index = 0;
  for (let item = 0; item < newIndex.length; item++) {
    if (newIndex[item] === 0) newIndex[item] = index++;
  }
  return { itemIds: itemIds.filter((_, item) => newIndex[item]! >= 0), newIndex, total };
}

interface Picked {
  readonly newIndex: Int32Array;
  readonly items: Int32Array;
  readonly itemTimes: Float64Array | undefined;
}

/** Fills `items` and `itemTimes`; says how many interactions each user has. */
function pick(
  { sequences, times }: FlatDataset,
  kept: InteractionMask,
  { newIndex, items, itemTimes }: Picked,
): Int32Array {
  const { values, starts, ends } = sequences;
  const counts = new Int32Array(starts.length);
  let [next, place] = [0, 0];
  for (let user = 0; user < starts.length; user++) {
    const begin = place;
    const shift = times ? times.starts[user]! - starts[user]! : 0;
    for (let at = starts[user]!; at < ends[user]!; at++) {
      if (kept[next++] === 0) continue;
      items[place] = newIndex[values[at]!]!;
      if (itemTimes) itemTimes[place] = times!.values[at + shift]!;
      place++;
    }
    counts[user] = place - begin;
  }
  return counts;
}

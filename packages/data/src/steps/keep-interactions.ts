import type { FlatDataset } from '../dataset/flat-dataset.ts';
import { FlatSequences } from '../dataset/flat-sequences.ts';
import { type InteractionMask, keptOfUsers } from './interaction-mask.ts';

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
  const { userIds, sequences, times } = dataset;
  const counts = keptOfUsers(dataset, kept);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const { itemIds, newIndex } = numberItems(dataset, kept);
  if (total === kept.length && itemIds.length === newIndex.length && !counts.includes(0)) {
    return undefined;
  }

  const lengths = counts.filter((count) => count > 0);
  const items = FlatSequences.ofLengths(pick(sequences, kept, new Int32Array(total)), lengths);
  for (let at = 0; at < total; at++) items.values[at] = newIndex[items.values[at]!]!;
  return {
    userIds: userIds.filter((_, user) => counts[user]! > 0),
    itemIds,
    sequences: items,
    ...(times ? { times: likewise(items, pick(times, kept, new Float64Array(total))) } : {}),
  };
}

const likewise = ({ starts, ends }: FlatSequences, times: Float64Array) =>
  new FlatSequences(times, starts, ends);

function numberItems({ itemIds, sequences }: FlatDataset, kept: InteractionMask) {
  const { values, starts, ends } = sequences;
  const newIndex = new Int32Array(itemIds.length).fill(-1);
  let next = 0;
  for (let user = 0; user < starts.length; user++) {
    for (let at = starts[user]!; at < ends[user]!; at++) {
      if (kept[next++]) newIndex[values[at]!] = 0;
    }
  }
  let index = 0;
  for (let item = 0; item < newIndex.length; item++) {
    if (newIndex[item] === 0) newIndex[item] = index++;
  }
  return { itemIds: itemIds.filter((_, item) => newIndex[item]! >= 0), newIndex };
}

function pick<Values extends Int32Array | Float64Array>(
  { values, starts, ends }: FlatSequences<Values>,
  kept: InteractionMask,
  picked: Values,
): Values {
  let [next, place] = [0, 0];
  for (let user = 0; user < starts.length; user++) {
    for (let at = starts[user]!; at < ends[user]!; at++) {
      if (kept[next++]) picked[place++] = values[at]!;
    }
  }
  return picked;
}

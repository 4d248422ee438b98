import type { SequenceDataset } from '../dataset/sequence-dataset.ts';
import { type InteractionMask, keptOfUsers } from './interaction-mask.ts';

/**
 * The part of a dataset that a mask keeps. Users without interactions and items without users go,
 * and those that stay are numbered anew, in their order; times stay in step.
 *
 * Sequences and times are views of one array each. Where everything stays they are those that came.
 */
export function keepInteractions(dataset: SequenceDataset, kept: InteractionMask): SequenceDataset {
  const { userIds, sequences, times } = dataset;
  const lengths = keptOfUsers(dataset, kept);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const { itemIds, newIndex } = numberItems(dataset, kept);
  if (total === kept.length && itemIds.length === newIndex.length && !lengths.includes(0)) {
    return { userIds, itemIds, sequences, ...(times ? { times } : {}) };
  }

  const isThere = (_: unknown, user: number) => lengths[user]! > 0;
  const items = pick(sequences, kept, new Int32Array(total));
  for (let at = 0; at < total; at++) items[at] = newIndex[items[at]!]!;
  return {
    userIds: userIds.filter(isThere),
    itemIds,
    sequences: viewsOf(items, lengths),
    ...(times ? { times: viewsOf(pick(times, kept, new Float64Array(total)), lengths) } : {}),
  };
}

function numberItems({ itemIds, sequences }: SequenceDataset, kept: InteractionMask) {
  const newIndex = new Int32Array(itemIds.length).fill(-1);
  let at = 0;
  for (const sequence of sequences) for (const item of sequence) if (kept[at++]) newIndex[item] = 0;
  let next = 0;
  for (const [item, index] of newIndex.entries()) if (index === 0) newIndex[item] = next++;
  return { itemIds: itemIds.filter((_, item) => newIndex[item]! >= 0), newIndex };
}

function pick<Values extends Int32Array | Float64Array>(
  parts: readonly Values[],
  kept: InteractionMask,
  picked: Values,
): Values {
  let [begin, next] = [0, 0];
  for (const part of parts) {
    const { length } = part;
    for (let place = 0; place < length; place++) {
      if (kept[begin + place]) picked[next++] = part[place]!;
    }
    begin += length;
  }
  return picked;
}

/** Of users that have any. */
function viewsOf<Values extends Int32Array | Float64Array>(
  values: Values,
  lengths: Int32Array,
): Values[] {
  const views: Values[] = [];
  let begin = 0;
  for (const length of lengths) {
    if (length > 0) views.push(values.subarray(begin, begin + length) as Values);
    begin += length;
  }
  return views;
}

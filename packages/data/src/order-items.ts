import type { SequenceDataset } from './sequence-dataset.ts';

/**
 * Puts `itemIds` in numeric order when every id is an integer, so that item
 * indices follow the ids whatever the order of the file; leaves other ids in
 * order of first appearance. Equal integers ('7', '07') keep that order too.
 */
export function orderItems(dataset: SequenceDataset): SequenceDataset {
  const { itemIds, sequences } = dataset;
  if (!itemIds.every((id) => /^-?\d+$/.test(id))) return dataset;

  const values = itemIds.map(BigInt); // ids may exceed 2^53
  const order = [...itemIds.keys()].sort((a, b) => compare(values[a]!, values[b]!));
  const newIndex = new Int32Array(itemIds.length);
  for (const [index, item] of order.entries()) newIndex[item] = index;

  return {
    ...dataset,
    itemIds: order.map((item) => itemIds[item]!),
    sequences: sequences.map((sequence) => sequence.map((item) => newIndex[item]!)),
  };
}

function compare(left: bigint, right: bigint): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

import type { TrainingSet } from './training-set.ts';

/** How often each item stands in the part of the training data that is read: `[itemCount]`. */
export function itemCounts({ itemCount, lengths, items }: TrainingSet): Int32Array {
  const counts = new Int32Array(itemCount);
  for (const user of lengths.keys()) for (const item of items(user)) counts[item]!++;
  return counts;
}

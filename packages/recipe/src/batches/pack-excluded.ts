import type { TrainingBatch, TrainingSet } from './training-set.ts';

/**
 * Items that are no negatives, `width` per token, distinct and ascending, then fillers: the token's
 * target alone if `width` is 1, else all the user's training items.
 */
export function packExcluded(
  { packed, inputs }: TrainingBatch,
  set: TrainingSet,
  width: number,
): Int32Array {
  const tokens = packed.rows * packed.rowLength;
  if (width === 1) return inputs.targets as Int32Array;
  const excluded = new Int32Array(tokens * width).fill(set.itemCount);
  for (const { sequence, row, offset, length } of packed.placements) {
    const items = Int32Array.from(new Set(set.items(sequence))).sort();
    const first = row * packed.rowLength + offset;
    for (let token = first; token < first + length; token++) excluded.set(items, token * width);
  }
  return excluded;
}

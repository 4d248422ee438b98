import { requireInteger, requirePositiveInteger } from '@rodpo/errors';
import type { Sequences } from '../dataset/sequences.ts';

export interface SlidingWindowsOptions {
  /** Most items of a window: a positive integer. */
  readonly length: number;
  /**
   * Items from the beginning of one window to that of the next: from 1 to `length`. Default `length - 1`:
   * neighbours share one item, so that each pair of an item and the next one is in a window, and as few
   * as possible in two.
   */
  readonly stride?: number | undefined;
}

export interface SequenceWindow {
  /** Index into the sequences: whose it is. */
  readonly sequence: number;
  /** Place of its first item in the sequence. */
  readonly begin: number;
  /** A view. */
  readonly items: Int32Array;
}

/**
 * Cuts long sequences into windows, so that a model that reads `length` items learns from all of them
 * and not from the last alone. The last window ends where the sequence does, and the others are a stride
 * apart before it, but for the first, which begins where the sequence does and may share more with its
 * neighbour. A sequence no longer than `length` is one window; an empty one is none.
 *
 * Windows come in the order of sequences, oldest first.
 *
 * @see Sun et al., "BERT4Rec", CIKM 2019, https://arxiv.org/abs/1904.06690; its code cuts the training
 * sequences so
 * @throws {RangeError} (marked as actionable) if `length` or `stride` is out of range
 */
export function slidingWindows(
  sequences: Sequences,
  { length, stride = Math.max(1, length - 1) }: SlidingWindowsOptions,
): SequenceWindow[] {
  requirePositiveInteger('length', length);
  requireInteger('stride', stride, { from: 1, to: length, advice: 'Else items are in no window.' });
  return Array.from(sequences.entries(), ([sequence, own]) => {
    if (own.length === 0) return [];
    const last = Math.max(0, own.length - length);
    const count = 1 + Math.ceil(last / stride);
    return Array.from({ length: count }, (_, index): SequenceWindow => {
      const begin = Math.max(0, last - (count - 1 - index) * stride);
      return { sequence, begin, items: own.subarray(begin, begin + length) };
    });
  }).flat();
}

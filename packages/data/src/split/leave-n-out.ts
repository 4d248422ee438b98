import { requirePositiveInteger } from '@rodpo/errors';
import type { Sequences } from '../dataset/sequences.ts';
import { type SequenceSplit, splitAt } from './sequence-split.ts';

/**
 * Splits every sequence in time: each of the last `count` items tests, each of as many before those
 * validates, the rest trains. A target's history is everything before it, other targets included. Users
 * with fewer than `2 · count + 1` interactions stay wholly in `train` and are in neither list of cases.
 *
 * The leak of `leaveOneOut` across users is there too. Nothing is copied, but sequences that lie in many arrays.
 *
 * @throws {RangeError} (marked as actionable) if `count` is not a positive integer
 */
export function leaveNOut(sequences: Sequences, count: number): SequenceSplit {
  requirePositiveInteger('count', count);
  return splitAt(sequences, (_, length) =>
    length > 2 * count ? [length - 2 * count, length - count] : [length, length],
  );
}

import type { Sequences } from '../dataset/sequences.ts';
import { type HeldOutShares, requireShares } from './require-shares.ts';
import { type SequenceSplit, splitAt } from './sequence-split.ts';

/**
 * Splits every sequence in time by shares of its length: each item of the last share tests, each of the
 * share before validates, the rest trains. Shares are rounded down, but for one that is less than an
 * item: that becomes one while two or more are left to learn from, the test's first. So a user with two
 * items tests, and one with three validates too.
 *
 * The leak of `leaveOneOut` across users is there too, and long sequences have most of the cases. Nothing
 * is copied, but sequences that lie in many arrays.
 *
 * @see RecBole's `RS` split, grouped by user and ordered by time (`Dataset._calcu_split_ids`, version
 * 1.2), for the rounding
 * @throws {RangeError} (marked as actionable) if a share is negative or nothing is left to learn from
 */
export function splitByRatio(sequences: Sequences, shares: HeldOutShares): SequenceSplit {
  requireShares(shares);
  return splitAt(sequences, (_, length) => {
    let validation = Math.floor(shares.validation * length);
    let test = Math.floor(shares.test * length);
    const isLeft = () => length - validation - test > 1;
    if (test === 0 && shares.test > 0 && isLeft()) test = 1;
    if (validation === 0 && shares.validation > 0 && isLeft()) validation = 1;
    return [length - test - validation, length - test];
  });
}

import { requireInteger } from '@rodpo/errors';
import { deriveSeed, permutation, seededRandom } from '@rodpo/random';
import { FlatSequences, flatSequences } from '../dataset/flat-sequences.ts';
import type { Sequences } from '../dataset/sequences.ts';
import { FlatCases } from './flat-cases.ts';
import { type HeldOutShares, requireShares } from './require-shares.ts';
import type { SequenceSplit } from './sequence-split.ts';

export interface SplitByUsersOptions extends HeldOutShares {
  /** A safe integer; decides who is held out. */
  readonly seed: number;
}

/**
 * Holds whole users out, to see how a model does for people it has never met: nothing of their
 * sequences is learned from (their part of `train` is empty), and the case of each is the last item
 * after all before it. Shares are of the users with two interactions or more, and rounded to the
 * nearest; those with fewer are learned from.
 *
 * Who is held out is drawn by `seed`. Others' interactions may be later than a target, so the leak of
 * `leaveOneOut` in time is there too. Nothing is copied, but sequences that lie in many arrays.
 *
 * @see Liang et al., "Variational Autoencoders for Collaborative Filtering", WWW 2018,
 * https://arxiv.org/abs/1802.05814, for held-out users, there called strong generalisation
 * @throws {RangeError} (marked as actionable) if a share is negative, nobody is left to learn from, or
 * `seed` is not a safe integer
 */
export function splitByUsers(
  sequences: Sequences,
  { seed, ...shares }: SplitByUsersOptions,
): SequenceSplit {
  requireShares(shares);
  requireInteger('seed', seed);
  const flat = flatSequences(sequences);
  const { values, starts, ends } = flat;
  const lengths = flat.lengths();
  const able = lengths.map((_, user) => user).filter((user) => lengths[user]! >= 2);
  const order = permutation(able.length, seededRandom(deriveSeed(seed, 'split by users')));
  const testCount = Math.round(shares.test * able.length);
  const heldOut = testCount + Math.round(shares.validation * able.length);
  const partOf = new Uint8Array(flat.length); // 0 trains
  for (const [place, index] of order.subarray(0, heldOut).entries()) {
    partOf[able[index]!] = place < testCount ? inTest : inValidation;
  }

  const cases = (part: number): FlatCases => {
    const users = able.filter((user) => partOf[user] === part);
    return new FlatCases(
      flat,
      users,
      users.map((user) => lengths[user]! - 1),
    );
  };
  const learned = ends.map((end, user) => (partOf[user] === 0 ? end : starts[user]!));
  return {
    train: new FlatSequences(values, starts, learned),
    validation: cases(inValidation),
    test: cases(inTest),
  };
}

const inValidation = 1;
const inTest = 2;

import { requireInteger } from '@rodpo/errors';
import { deriveSeed, permutation, seededRandom } from '@rodpo/random';
import { type HeldOutShares, requireShares } from './require-shares.ts';
import type { RankingCase, SequenceSplit } from './sequence-split.ts';

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
 * `leaveOneOut` in time is there too. Every array is a view: nothing is copied.
 *
 * @see Liang et al., "Variational Autoencoders for Collaborative Filtering", WWW 2018,
 * https://arxiv.org/abs/1802.05814, for held-out users, there called strong generalisation
 * @throws {RangeError} (marked as actionable) if a share is negative, nobody is left to learn from, or
 * `seed` is not a safe integer
 */
export function splitByUsers(
  sequences: readonly Int32Array[],
  { seed, ...shares }: SplitByUsersOptions,
): SequenceSplit {
  requireShares(shares);
  requireInteger('seed', seed);
  const able = Int32Array.from(sequences.keys()).filter((user) => sequences[user]!.length >= 2);
  const order = permutation(able.length, seededRandom(deriveSeed(seed, 'split by users')));
  const testCount = Math.round(shares.test * able.length);
  const heldOut = testCount + Math.round(shares.validation * able.length);
  const partOf = new Uint8Array(sequences.length); // 0 trains
  for (const [place, index] of order.subarray(0, heldOut).entries()) {
    partOf[able[index]!] = place < testCount ? inTest : inValidation;
  }

  const cases = (part: number): RankingCase[] =>
    Array.from(able.filter((user) => partOf[user] === part)).map((user) => {
      const sequence = sequences[user]!;
      return { user, history: sequence.subarray(0, -1), target: sequence.at(-1)! };
    });
  return {
    train: sequences.map((own, user) => own.subarray(0, partOf[user] === 0 ? own.length : 0)),
    validation: cases(inValidation),
    test: cases(inTest),
  };
}

const inValidation = 1;
const inTest = 2;

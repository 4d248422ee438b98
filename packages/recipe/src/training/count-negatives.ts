import type { PackedBatch, SequenceSplit } from '@rodpo/data';
import { falseNegativeRate } from '@rodpo/metrics';
import type { Dataset } from '../batches/dataset.ts';
import type { TrainingSet } from '../batches/training-set.ts';

/** Shares of the negatives drawn in one batch. */
export interface NegativeRates {
  /**
   * Unobserved items that the user would have liked; NaN unless the tastes are known, as they are
   * for simulated data alone.
   */
  readonly falseNegativeRate: number;
  /**
   * Items that the user did choose later, in validation or test. It needs no known tastes, but
   * sees what is held out only: two items per user when one is left out.
   */
  readonly heldOutRate: number;
  /** Items of the user's own training part; if excluded, only those older than what is read. */
  readonly historyRate: number;
}

/** What users learned from, and whose the sequences of a batch are. */
export type UsersOfSequences = Pick<SequenceSplit, 'train'> & Pick<TrainingSet, 'userOf'>;

/**
 * How many of a batch's drawn negatives, `[tokens]` or `[tokens, count]`, were wrong; −1 stands where
 * nothing could be drawn, and counts neither way. A diagnostic: never used in training.
 *
 * @param packed whose placements are the tokens that count
 */
export function countNegatives(
  negatives: Int32Array,
  packed: PackedBatch,
  { tastes, sequences }: Dataset,
  { train, userOf }: UsersOfSequences,
): NegativeRates {
  const users = userOfTokens(packed, userOf);
  const count = negatives.length / users.length;
  const counted = negatives.map((item, index) =>
    users[Math.floor(index / count)]! < 0 ? -1 : item,
  );
  const rate = (isWrong: (user: number, item: number) => boolean) => {
    const found = falseNegativeRate(counted, count, (row, item) => isWrong(users[row]!, item));
    return found.drawn > 0 ? found.rate : 0;
  };
  const isKnown = (user: number, item: number) => train.at(user)!.includes(item);
  return {
    falseNegativeRate: tastes
      ? rate((user, item) => tastes.likes(user, item) && !isKnown(user, item))
      : Number.NaN,
    heldOutRate: rate((user, item) => sequences.at(user)!.includes(item, train.at(user)!.length)),
    historyRate: rate(isKnown),
  };
}

/** The user of each token, −1 for tokens that do not count. */
function userOfTokens(
  { placements, rowLength, segments }: PackedBatch,
  userOf: UsersOfSequences['userOf'],
): Int32Array {
  const users = new Int32Array(segments.length).fill(-1);
  for (const { sequence, row, offset, length } of placements) {
    const first = row * rowLength + offset;
    users.fill(userOf(sequence), first, first + length);
  }
  return users;
}

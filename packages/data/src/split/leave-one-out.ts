/** One question to a recommender: after `history`, does it rank `target` high? */
export interface RankingCase {
  /** Index into the sequences that were split. */
  readonly user: number;
  /** Items before the target, oldest first: a view, never empty. */
  readonly history: Int32Array;
  readonly target: number;
}

export interface LeaveOneOutSplit {
  /** What is left to learn from, one view per user; may be as short as one item, or empty. */
  readonly train: Int32Array[];
  /** Target: the last item but one. History: all before it. */
  readonly validation: readonly RankingCase[];
  /** Target: the last item. History: all before it, the validation target included. */
  readonly test: readonly RankingCase[];
}

/**
 * Splits every sequence in time: the last item tests, the one before validates,
 * the rest trains. Users with fewer than 3 interactions stay wholly in `train`
 * and are in neither list of cases.
 *
 * Every array is a view of the sequence it came from: nothing is copied.
 */
export function leaveOneOut(sequences: readonly Int32Array[]): LeaveOneOutSplit {
  const train: Int32Array[] = [];
  const validation: RankingCase[] = [];
  const test: RankingCase[] = [];

  for (const [user, sequence] of sequences.entries()) {
    const { length } = sequence;
    if (length < 3) {
      train.push(sequence.subarray());
      continue;
    }
    train.push(sequence.subarray(0, -2));
    validation.push({ user, history: sequence.subarray(0, -2), target: sequence[length - 2]! });
    test.push({ user, history: sequence.subarray(0, -1), target: sequence[length - 1]! });
  }
  return { train, validation, test };
}

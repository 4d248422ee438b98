/** One question to a recommender: after `history`, does it rank `target` high? */
export interface RankingCase {
  /** Index into the sequences that were split. */
  readonly user: number;
  /** Items before the target, oldest first: a view that begins where the sequence does, never empty. */
  readonly history: Int32Array;
  readonly target: number;
}

/** What is learned from, what weights are selected by, and what is reported. */
export interface SequenceSplit {
  /**
   * What is left to learn from: for each user the beginning of the sequence, which may be as short as
   * one item, or empty.
   */
  readonly train: Int32Array[];
  /** In the order of users, and of each user's targets. */
  readonly validation: readonly RankingCase[];
  /** As `validation`; a history holds all before its target, what validates included. */
  readonly test: readonly RankingCase[];
}

/**
 * Splits every sequence at two places: what is before the first trains, every item from there to the
 * second is a target that validates, and every one behind is a target that tests. A user's first item
 * has no history, so it's no target. All arrays are views.
 *
 * @param placesOf where validation and test begin
 */
export function splitAt(
  sequences: readonly Int32Array[],
  placesOf: (user: number, length: number) => readonly [validation: number, test: number],
): SequenceSplit {
  const train: Int32Array[] = [];
  const validation: RankingCase[] = [];
  const test: RankingCase[] = [];
  for (const [user, sequence] of sequences.entries()) {
    const [validationFrom, testFrom] = placesOf(user, sequence.length);
    train.push(sequence.subarray(0, validationFrom));
    for (let place = Math.max(1, validationFrom); place < sequence.length; place++) {
      const one = { user, history: sequence.subarray(0, place), target: sequence[place]! };
      (place < testFrom ? validation : test).push(one);
    }
  }
  return { train, validation, test };
}

import { FlatSequences, flatSequences } from '../dataset/flat-sequences.ts';
import { GrowingColumn } from '../dataset/growing-column.ts';
import type { ReadonlyList, Sequences } from '../dataset/sequences.ts';
import { FlatCases } from './flat-cases.ts';

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
  readonly train: Sequences;
  /** In the order of users, and of each user's targets. */
  readonly validation: ReadonlyList<RankingCase>;
  /** As `validation`; a history holds all before its target, what validates included. */
  readonly test: ReadonlyList<RankingCase>;
}

/**
 * Splits every sequence at two places: what is before the first trains, every item from there to the
 * second is a target that validates, and every one behind is a target that tests. A user's first item
 * has no history, so it's no target. Nothing is copied.
 *
 * @param placesOf where validation and test begin
 */
export function splitAt(
  sequences: Sequences,
  placesOf: (user: number, length: number) => readonly [validation: number, test: number],
): SequenceSplit {
  const flat = flatSequences(sequences);
  const { values, starts, ends } = flat;
  const learned = new Float64Array(starts.length);
  const [validation, test] = [new CaseList(), new CaseList()];
  for (let user = 0; user < starts.length; user++) {
    const length = ends[user]! - starts[user]!;
    const [validationFrom, testFrom] = placesOf(user, length);
    learned[user] = starts[user]! + validationFrom;
    for (let place = Math.max(1, validationFrom); place < length; place++) {
      (place < testFrom ? validation : test).add(user, place);
    }
  }
  return {
    train: new FlatSequences(values, starts, learned),
    validation: validation.of(flat),
    test: test.of(flat),
  };
}

class CaseList {
  private readonly users = new GrowingColumn(Int32Array);
  private readonly places = new GrowingColumn(Int32Array);

  add(user: number, place: number): void {
    this.users.push(user);
    this.places.push(place);
  }

  of(sequences: FlatSequences): FlatCases {
    return new FlatCases(sequences, this.users.joined(), this.places.joined());
  }
}

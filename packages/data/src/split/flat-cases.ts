import type { FlatSequences } from '../dataset/flat-sequences.ts';
import type { ReadonlyList } from '../dataset/sequences.ts';
import type { RankingCase } from './sequence-split.ts';

/** Cases by their users and places: one is made when it is asked for, and none is kept. */
export class FlatCases implements ReadonlyList<RankingCase> {
  readonly sequences: FlatSequences;
  /** Shape `[length]`. */
  readonly users: Int32Array;
  /** Of the target in its user's sequence: shape `[length]`. */
  readonly places: Int32Array;

  constructor(sequences: FlatSequences, users: Int32Array, places: Int32Array) {
    this.sequences = sequences;
    this.users = users;
    this.places = places;
  }

  get length(): number {
    return this.users.length;
  }

  at(index: number): RankingCase | undefined {
    const user = this.users.at(index);
    if (user === undefined) return undefined;
    const { values, starts } = this.sequences;
    const start = starts[user]!;
    const target = start + this.places.at(index)!;
    return { user, history: values.subarray(start, target), target: values[target]! };
  }

  *entries(): Generator<[number, RankingCase], void> {
    for (let index = 0; index < this.length; index++) yield [index, this.at(index)!];
  }

  *[Symbol.iterator](): Generator<RankingCase, void> {
    for (let index = 0; index < this.length; index++) yield this.at(index)!;
  }
}

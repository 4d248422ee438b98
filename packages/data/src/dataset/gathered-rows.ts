import type { FlatDataset } from './flat-dataset.ts';
import { FlatSequences } from './flat-sequences.ts';
import { GrowingColumn } from './growing-column.ts';
import { numericOrder, placesIn } from './order-items.ts';
import { createStableSort } from './stable-sort.ts';

/**
 * Interactions that come in any order, with users and items by their numbers, and are laid out once all
 * are there: 16 bytes for each until then, 8 without times.
 */
export class GatheredRows {
  private readonly users = new GrowingColumn(Int32Array);
  private readonly items = new GrowingColumn(Int32Array);
  private readonly times: GrowingColumn<Float64Array> | undefined;

  constructor(hasTimes: boolean) {
    this.times = hasTimes ? new GrowingColumn(Float64Array) : undefined;
  }

  /** `time` is ignored where the data has no times. */
  push(user: number, item: number, time: number): void {
    this.users.push(user);
    this.items.push(item);
    this.times?.push(time);
  }

  /** Many rows at once: arrays of one length. `times` are there if the data has times. */
  pushAll(users: Int32Array, items: Int32Array, times: Float64Array | undefined): void {
    this.users.pushAll(users);
    this.items.pushAll(items);
    if (times) this.times?.pushAll(times);
  }

  /**
   * Users in the order of their numbers, and items too unless all their ids are integers: those go by
   * their values. Each user's interactions are in the order of their times, ties as they came. Once only.
   */
  dataset(userIds: readonly string[], itemIds: readonly string[]): FlatDataset {
    const laying = this.layOut(userIds, itemIds);
    for (;;) {
      const { value, done } = laying.next();
      if (done) return value;
    }
  }

  /** Makes what `dataset` does; now and then says which share of the work is done. */
  *layOut(
    userIds: readonly string[],
    itemIds: readonly string[],
  ): Generator<number, FlatDataset, void> {
    const order = numericOrder(itemIds);
    const { sequences, times } = yield* this.placed(userIds.length, order && placesIn(order));
    return {
      userIds,
      itemIds: order ? Array.from(order, (item) => itemIds[item]!) : itemIds,
      sequences,
      ...(times ? { times } : {}),
    };
  }

  /** A counting sort by user, and then each user's interactions by time. */
  private *placed(
    userCount: number,
    places: Int32Array | undefined,
  ): Generator<number, { sequences: FlatSequences; times?: FlatSequences<Float64Array> }, void> {
    const counts = this.countsOf(userCount);
    const total = this.users.length;
    const sequences = FlatSequences.ofLengths(new Int32Array(total), counts);
    const { values: items, starts, ends } = sequences;
    const times = this.times ? new Float64Array(total) : undefined;
    const next = starts.slice();
    for (const [block, users] of this.users.blocks()) {
      const ownItems = this.items.block(block);
      const ownTimes = this.times?.block(block);
      for (let row = 0; row < users.length; row++) {
        const place = next[users[row]!]!++;
        const item = ownItems[row]!;
        items[place] = places ? places[item]! : item;
        if (times) times[place] = ownTimes![row]!;
      }
      if (block % blocksPerShare === 0) yield ((block + 1) * users.length) / (2 * total);
    }
    if (!times) return { sequences };
    const sort = createStableSort(counts.reduce((most, count) => Math.max(most, count), 0));
    for (let user = 0; user < userCount; user++) {
      sort(times, items, starts[user]!, ends[user]!);
      if (user % usersPerShare === 0) yield 0.5 + user / (2 * userCount);
    }
    return { sequences, times: new FlatSequences(times, starts, ends) };
  }

  private countsOf(userCount: number): Int32Array {
    const counts = new Int32Array(userCount);
    for (const [, users] of this.users.blocks()) for (const user of users) counts[user]!++;
    return counts;
  }
}

/** So that a share is a matter of milliseconds. */
const blocksPerShare = 8;
const usersPerShare = 1 << 17;

import type { FlatDataset } from './flat-dataset.ts';
import { FlatSequences } from './flat-sequences.ts';
import { numericOrder, placesIn } from './order-items.ts';
import { groupBits, groupSize, RowGroup } from './row-group.ts';
import { createStableSort } from './stable-sort.ts';

/**
 * Interactions that come in any order, with users and items by their numbers, and are laid out once all
 * are there: 14 bytes for each until then, 6 without times.
 *
 * They wait in groups of neighbouring users, so that what is laid out at a time fits a processor's cache:
 * each would else go to a place of its own in gigabytes, which takes five times as long.
 */
export class GatheredRows {
  private readonly groups: RowGroup[] = [];
  private readonly hasTimes: boolean;

  constructor(hasTimes: boolean) {
    this.hasTimes = hasTimes;
  }

  /** `time` is ignored where the data has no times. */
  push(user: number, item: number, time: number): void {
    this.groupOf(user).push(user & (groupSize - 1), item, time);
  }

  /**
   * Many rows at once.
   *
   * @param users shape `[rows]`
   * @param items shape `[rows]`
   * @param times there if the data has times: those of the rows are `values` at `places`, shape `[rows]`
   */
  pushAll(
    users: Int32Array,
    items: Int32Array,
    times: { readonly values: Float64Array; readonly places: Int32Array } | undefined,
  ): void {
    for (let row = 0; row < users.length; row++) {
      this.push(users[row]!, items[row]!, times ? times.values[times.places[row]!]! : 0);
    }
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
    const { groups, hasTimes } = this;
    const lengths = new Int32Array(userIds.length);
    for (const [group, rows] of groups.entries()) rows.count(lengths, group * groupSize);
    const sequences = FlatSequences.ofLengths(new Int32Array(sum(lengths)), lengths);
    const { values: items, starts, ends } = sequences;
    const times = hasTimes ? new Float64Array(items.length) : undefined;
    const order = numericOrder(itemIds);
    const laidOut = { items, times, starts, ends, places: order && placesIn(order) };
    const sort = createStableSort(lengths.reduce((most, length) => Math.max(most, length), 0));
    for (const [group, rows] of groups.entries()) {
      rows.place(laidOut, group * groupSize);
      rows.release();
      const last = Math.min((group + 1) * groupSize, userIds.length);
      for (let user = group * groupSize; times && user < last; user++) {
        sort(times, items, starts[user]!, ends[user]!);
      }
      yield last / userIds.length;
    }
    return {
      userIds,
      itemIds: order ? Array.from(order, (item) => itemIds[item]!) : itemIds,
      sequences,
      ...(times ? { times: new FlatSequences(times, starts, ends) } : {}),
    };
  }

  private groupOf(user: number): RowGroup {
    const group = user >>> groupBits;
    while (this.groups.length <= group) this.groups.push(new RowGroup(this.hasTimes));
    return this.groups[group]!;
  }
}

function sum(lengths: Int32Array): number {
  let total = 0;
  for (const length of lengths) total += length;
  return total;
}

import type { ItemTraits } from './affinity.ts';

/**
 * What all users like, as plain arrays: `latentTastes` answers from them whether a user likes an
 * item. Their size is that of users plus items, not of users times items.
 */
export interface TasteTable extends ItemTraits {
  /** The users' interests, those of one user after those of another: `[interests * dimension]`. */
  readonly points: Float32Array;
  /** Of each user, the number of interests up to its last one: shape `[users]`. */
  readonly ends: Int32Array;
  /** Affinity lost per standard deviation of price: shape `[users]`. */
  readonly priceSensitivity: Float64Array;
  /** The affinity from which a user likes an item: shape `[users]`. */
  readonly threshold: Float32Array;
}

/**
 * The tastes of some users for some items, in the order given.
 *
 * @param users indices into the table
 * @param items indices into the table
 * @throws {RangeError} if one of them is not an index
 */
export function selectTastes(table: TasteTable, users: Int32Array, items: Int32Array): TasteTable {
  const { dimension, ends } = table;
  for (const user of users) requireIndex('user', user, ends.length);
  for (const item of items) requireIndex('item', item, table.appeal.length);
  const first = (user: number) => ends[user - 1] ?? 0;
  const interests = Int32Array.from(
    (function* () {
      for (const user of users) for (let at = first(user); at < ends[user]!; at++) yield at;
    })(),
  );
  let end = 0;
  return {
    dimension,
    vectors: gathered(table.vectors, items, dimension),
    appeal: gathered(table.appeal, items),
    dearness: gathered(table.dearness, items),
    points: gathered(table.points, interests, dimension),
    ends: users.map((user) => {
      end += ends[user]! - first(user);
      return end;
    }),
    priceSensitivity: gathered(table.priceSensitivity, users),
    threshold: gathered(table.threshold, users),
  };
}

/** @throws {RangeError} */
export function requireIndex(name: string, index: number, count: number): void {
  if (Number.isInteger(index) && index >= 0 && index < count) return;
  throw new RangeError(`${name} must be an index from 0 to ${count - 1}, got ${index}`);
}

/** Rows of `width` values. */
function gathered<Values extends Float32Array | Float64Array>(
  values: Values,
  rows: Int32Array,
  width = 1,
): Values {
  const Kind = values.constructor as new (length: number) => Values;
  const found = new Kind(rows.length * width);
  for (const [place, row] of rows.entries()) {
    found.set(values.subarray(row * width, (row + 1) * width), place * width);
  }
  return found;
}

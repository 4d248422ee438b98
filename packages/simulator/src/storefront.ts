import type { Product } from './catalogue/product.ts';

/** What a recommender may see (products, clicks) and what only a simulation can tell (tastes). */
export interface Storefront {
  /** Indexed by item. */
  readonly products: readonly Product[];
  /** `U0001`, `U0002`, …, indexed by user. */
  readonly userIds: readonly string[];
  /** Clicked items of each user, oldest first, as indices into `products`. No item twice. */
  readonly sequences: readonly Int32Array[];
  /**
   * When each item of `sequences` was clicked: whole seconds since the store opened, each later
   * than the one before.
   */
  readonly times: readonly Float64Array[];
  /** True taste, row-major `[userCount * itemCount]`: 1 where `likes` holds, else 0. */
  readonly liked: Uint8Array;
  /** Row-major `[userCount * itemCount]`: 1 where the user came past the item in some visit. */
  readonly shown: Uint8Array;
  /**
   * True taste: would the user click the item with a probability of 0.5 or more,
   * if it were shown with full attention while the interest it answers to is
   * active? Passing moods and the lift of complements are left out.
   *
   * @throws {RangeError} if `user` or `item` is not an index
   */
  likes(user: number, item: number): boolean;
  /**
   * The logit of that probability for every item: shape `[itemCount]`. `likes`
   * holds where it is 0 or more. Computed anew at each call.
   *
   * @throws {RangeError} if `user` is not an index
   */
  affinity(user: number): Float32Array;
}

import type { Product } from './catalogue/product.ts';
import type { LatentTastes } from './users/latent-tastes.ts';
import type { TasteTable } from './users/taste-table.ts';

/** What a recommender may see (products, clicks) and what only a simulation can tell (tastes). */
export interface Storefront extends LatentTastes {
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
  /** Items that the user came past in some visit, in that order, none twice. */
  readonly shown: readonly Int32Array[];
  /** What `likes` and `affinity` are worked out from: plain arrays, to keep or to select from. */
  readonly tastes: TasteTable;
}

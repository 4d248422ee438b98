/**
 * Who comes first among items with equal scores: `pessimistic` puts relevant items after
 * irrelevant ones, `optimistic` before them, `average` gives each relevant item of a tied group
 * the group's mean place, `id` puts the lower index first.
 */
export type TiePolicy = 'pessimistic' | 'optimistic' | 'average' | 'id';

/** All of them. */
export const tiePolicies: readonly TiePolicy[] = ['pessimistic', 'optimistic', 'average', 'id'];

export interface RankOptions {
  /** Items that are not ranked, a user's history, say. Repeats and relevant items are ignored. */
  readonly excluded?: Iterable<number>;
  /** A collapsed model with equal scores everywhere is rewarded by all but `pessimistic`. */
  readonly ties?: TiePolicy;
}

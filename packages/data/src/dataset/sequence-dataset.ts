import type { Sequences } from './sequences.ts';

/**
 * Who did what, in which order. Users and items are 0-based indices everywhere
 * (there is no padding item); the two id lists map them back to the file's names.
 */
export interface SequenceDataset {
  /** Id of each user: shape `[userCount]`. */
  readonly userIds: readonly string[];
  /** Id of each item: shape `[itemCount]`. */
  readonly itemIds: readonly string[];
  /** Items of each user, oldest first, as indices into `itemIds`: one array for each, or all of them in one. */
  readonly sequences: Sequences;
  /**
   * When each item of `sequences` was chosen: arrays of the same lengths, oldest first, in the unit
   * of the file (MovieLens and most RecBole files: seconds since 1970). Absent if it is not known.
   */
  readonly times?: Sequences<Float64Array>;
}

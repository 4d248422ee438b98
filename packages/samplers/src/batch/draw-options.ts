/** How the rows of a batch draw from a distribution over the catalogue. */
export interface DrawOptions {
  /** Whether a row may draw an item again. Default false. */
  readonly replacement?: boolean;
  /**
   * What becomes of a row that leaves fewer items than it is to draw: an error, or none for it, which is −1 in
   * each of its places, with a log-probability of −Infinity. Default 'throw'.
   */
  readonly tooFew?: TooFew;
}

/** An error, or a row without any. */
export type TooFew = 'throw' | 'none';

/** The items that one row draws from. One object serves all rows in turn, so that none allocates. */
export interface Pool {
  /** The first `size` count, in ascending order; the same holds for the other arrays. */
  items: Int32Array;
  scores: Float32Array;
  /** What a draw's probability is proportional to the exponential of; may be infinite. */
  logits: Float64Array;
  /** Room for whoever fills the pool or draws from it. */
  scratch: Float32Array;
  size: number;
  /**
   * `[1]`, the score to exceed while the pool is being filled. In an array, because a number that a
   * function returns or an object holds may be allocated anew each time.
   */
  readonly bar: Float64Array;
  /** How many items the row does not exclude, of which the pool is the best. */
  candidateCount: number;
}

export function createPool(): Pool {
  return {
    items: new Int32Array(0),
    scores: new Float32Array(0),
    logits: new Float64Array(0),
    scratch: new Float32Array(0),
    size: 0,
    bar: new Float64Array(1),
    candidateCount: 0,
  };
}

/** Makes room for `capacity` items; what was in the pool may be lost. */
export function reserve(pool: Pool, capacity: number): void {
  if (pool.items.length >= capacity) return;
  pool.items = new Int32Array(capacity);
  pool.scores = new Float32Array(capacity);
  pool.logits = new Float64Array(capacity);
  pool.scratch = new Float32Array(capacity);
}

/** Where an item is in the pool; −1 if it is not. */
export function positionOf({ items, size }: Pool, item: number): number {
  let low = 0;
  let high = size;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (items[middle]! < item) low = middle + 1;
    else high = middle;
  }
  return low < size && items[low] === item ? low : -1;
}

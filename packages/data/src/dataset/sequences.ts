/** Values that are read by their index or from the first to the last; an array is a list. */
export interface ReadonlyList<Value> {
  readonly length: number;
  /** As of an array: a negative index counts from the end, and beyond it there is nothing. */
  at(index: number): Value | undefined;
  entries(): Iterable<[number, Value]>;
  [Symbol.iterator](): Iterator<Value>;
}

/**
 * One typed array for each user: an array of them, or `FlatSequences`, which needs no object for each.
 */
export interface Sequences<Values = Int32Array> extends ReadonlyList<Values> {}

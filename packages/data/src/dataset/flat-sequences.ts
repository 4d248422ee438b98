import type { Sequences } from './sequences.ts';

type Numbers = Int32Array | Float64Array;

/**
 * Sequences side by side in one array. A typed array for each of a million users would weigh more than
 * what is in them; here a view is made when it is asked for.
 */
export class FlatSequences<Values extends Numbers = Int32Array> implements Sequences<Values> {
  /** Of all sequences; there may be more in it than belongs to one. */
  readonly values: Values;
  /** Where each sequence begins in `values`: shape `[length]`. Places may exceed 2³¹. */
  readonly starts: Float64Array;
  /** Before which place each sequence ends: shape `[length]`. */
  readonly ends: Float64Array;

  constructor(values: Values, starts: Float64Array, ends: Float64Array) {
    this.values = values;
    this.starts = starts;
    this.ends = ends;
  }

  /** Sequences that lie one behind another in `values`. */
  static ofLengths<Values extends Numbers>(
    values: Values,
    lengths: ArrayLike<number>,
  ): FlatSequences<Values> {
    const places = placesOf(lengths);
    return new FlatSequences(values, places.subarray(0, -1), places.subarray(1));
  }

  /** How many sequences there are. */
  get length(): number {
    return this.starts.length;
  }

  /** A view. */
  at(index: number): Values | undefined {
    const place = index < 0 ? this.length + index : index;
    const [start, end] = [this.starts[place], this.ends[place]];
    return start === undefined ? undefined : (this.values.subarray(start, end) as Values);
  }

  /** How many values each sequence has: shape `[length]`. */
  lengths(): Int32Array {
    const lengths = new Int32Array(this.length);
    for (let index = 0; index < lengths.length; index++) {
      lengths[index] = this.ends[index]! - this.starts[index]!;
    }
    return lengths;
  }

  /** How many values there are in all sequences. */
  total(): number {
    let total = 0;
    for (let index = 0; index < this.length; index++) {
      total += this.ends[index]! - this.starts[index]!;
    }
    return total;
  }

  /** The values alone, one sequence behind another: as they lie if they do so, else copied. */
  packed(): Values {
    const { values, starts, ends } = this;
    let end = 0;
    let isPacked = true;
    for (let index = 0; index < starts.length; index++) {
      if (starts[index] !== end) isPacked = false;
      end = ends[index]!;
    }
    if (isPacked && end === values.length) return values;
    const kind = values.constructor as new (length: number) => Values;
    const packed = new kind(this.total());
    let place = 0;
    for (const own of this) {
      packed.set(own, place);
      place += own.length;
    }
    return packed;
  }

  *entries(): Generator<[number, Values], void> {
    for (let index = 0; index < this.length; index++) yield [index, this.at(index)!];
  }

  *[Symbol.iterator](): Generator<Values, void> {
    for (let index = 0; index < this.length; index++) yield this.at(index)!;
  }
}

/** Where each of the lengths begins, and behind them the end: shape `[lengths.length + 1]`. */
function placesOf(lengths: ArrayLike<number>): Float64Array {
  const places = new Float64Array(lengths.length + 1);
  for (let index = 0; index < lengths.length; index++) {
    places[index + 1] = places[index]! + lengths[index]!;
  }
  return places;
}

/**
 * Sequences in one array: as they came if they lie in one, else copied into it.
 *
 * @param kind of their arrays, which no sequences at all could not tell. Default `Int32Array`
 */
export function flatSequences(sequences: Sequences): FlatSequences;
export function flatSequences(
  sequences: Sequences<Float64Array>,
  kind: typeof Float64Array,
): FlatSequences<Float64Array>;
export function flatSequences(
  sequences: Sequences<Numbers>,
  kind: typeof Int32Array | typeof Float64Array = Int32Array,
): FlatSequences<Numbers> {
  if (sequences instanceof FlatSequences) return sequences;
  const flat = FlatSequences.ofLengths<Numbers>(
    new kind(totalLength(sequences)),
    Int32Array.from(sequences, ({ length }) => length),
  );
  for (const [index, own] of sequences.entries()) flat.values.set(own, flat.starts[index]!);
  return flat;
}

/** How many values there are in all sequences. */
export function totalLength(sequences: Sequences<ArrayLike<number>>): number {
  if (sequences instanceof FlatSequences) return sequences.total();
  let total = 0;
  for (const { length } of sequences) total += length;
  return total;
}

import type { UniformRandom } from '@rodpo/random';

export type { UniformRandom };

/** A list of items per row: row `r` has `items` from `offsets[r]` up to `offsets[r + 1]`. */
export interface ItemLists {
  /** `[rowCount + 1]`, ascending from 0. */
  readonly offsets: Int32Array;
  /** `[offsets[rowCount]]`, in any order; repeats are harmless. */
  readonly items: Int32Array;
}

/** What negatives are drawn for: one row per chosen item and its context. */
export interface SamplingBatch {
  readonly rowCount: number;
  /** Items that must not be drawn in each row: see `excludeChosen`, `excludeHistory`. */
  readonly excluded: ItemLists;
  /** Policy score of every item, `[rowCount, itemCount]`; for samplers that look at scores. */
  readonly scores?: Float32Array;
  /** The chosen item of each row, `[rowCount]`; for `inBatch` and filters relative to it. */
  readonly chosen?: Int32Array;
  /** Which pool each row keeps, `[rowCount]`, such as its user; for `cachedPool`. */
  readonly keys?: Int32Array;
  /** The training step, from 0, for whatever is scheduled. Default 0. */
  readonly step?: number;
}

/** Items drawn, `[rowCount, count]` each, row after row. */
export interface Negatives {
  readonly items: Int32Array;
  /**
   * Natural logarithm of the probability that the sampler draws the item when it draws one item
   * for this row.
   */
  readonly logProbabilities: Float32Array;
}

/** Arrays by name, to be saved with a model. */
export type SamplerState = Readonly<
  Record<string, Int32Array | Float32Array | Float64Array | Uint8Array>
>;

/**
 * One way to choose negatives. Its distribution `q(item | row)` is documented, sums to 1 over the
 * items of a row that are not excluded, and gives excluded ones nothing.
 *
 * A row's draws are distinct, one after another without putting back, unless the sampler's
 * `replacement` option says otherwise.
 */
export interface NegativeSampler {
  /**
   * Draws `count` items per row. Writes into `into` if given, and then allocates nothing per row.
   *
   * @throws {RangeError} if the batch lacks what the sampler needs, a score is NaN, or `count` is
   * not an integer from 0
   * @throws {PoolTooSmallError} if a row leaves fewer candidates than `count`, unless the sampler's
   * `tooFew` option says otherwise; nothing usable is in `into` then
   */
  sample(batch: SamplingBatch, count: number, random: UniformRandom, into?: Negatives): Negatives;
  /**
   * `log q(item | row)` of any items, `[rowCount, count]` like them; −∞ for what is never drawn.
   *
   * @throws {RangeError} as `sample`
   */
  logProbabilities(batch: SamplingBatch, items: Int32Array, count: number): Float32Array;
  /**
   * A copy of what it remembers from batch to batch, which training that resumes must load again. Absent: nothing.
   */
  state?(): SamplerState;
  /**
   * Goes on from what `state` gave.
   *
   * @throws {RangeError} if the arrays are those of other options
   */
  load?(state: SamplerState): void;
}

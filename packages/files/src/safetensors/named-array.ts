/** A tensor outside any engine: `data` holds `shape`'s product of values, row-major. */
export interface NamedArray {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Uint8Array;
}

/** Arrays by name: a model's weights, an optimiser's moments, a whole checkpoint. */
export type NamedArrays = Readonly<Record<string, NamedArray>>;

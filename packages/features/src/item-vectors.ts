/** Vectors of some items, and which items have one. */
export interface ItemVectors {
  readonly dimension: number;
  /** `[items, dimension]`, row-major. Rows of absent items are zeros and mean nothing. */
  readonly vectors: Float32Array;
  /** `[items]`, 1 = the item has a vector. */
  readonly present: Uint8Array;
}

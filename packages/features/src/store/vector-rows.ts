/** Some vectors and whose they are, as they are streamed. */
export interface VectorRows {
  readonly ids: readonly string[];
  /** `[ids.length, dimension]`, row-major. */
  readonly vectors: Float32Array;
}

/** Vectors made elsewhere: some rows may have none. */
export interface ImportedRows extends VectorRows {
  /** `[ids.length]`, 1 = the row is a vector. Default: all are. */
  readonly present?: Uint8Array;
}

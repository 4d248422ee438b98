/** A value that JSON keeps as it is. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json };

/** All that decides a vector besides its input, so that two stores can be told apart. */
export interface EmbedderDescription {
  /** A model's id, or a built-in descriptor's name. */
  readonly model: string;
  /** The commit, tag or checksum of the model's files, or the descriptor's version. */
  readonly revision: string;
  /** Preprocessing, pooling, number format, …: whatever changes the numbers. */
  readonly [setting: string]: Json;
}

/**
 * Turns inputs into vectors, in two steps that a pipeline can overlap: many inputs are prepared
 * at a time, and one batch is embedded at a time.
 */
export interface Embedder<Input, Prepared = unknown> {
  readonly dimension: number;
  readonly description: EmbedderDescription;
  /**
   * One input → what `embed` takes (pixels, cleaned text).
   *
   * @throws {UnusableInput} if this input can have no vector; others are not concerned
   */
  prepare(input: Input): Promise<Prepared>;
  /** Prepared inputs → `[batch.length, dimension]`, row-major, independent of who shares a batch. */
  embed(batch: readonly Prepared[]): Promise<Float32Array>;
  /** Gives native memory back. The embedder cannot be used afterwards. */
  dispose(): Promise<void>;
}

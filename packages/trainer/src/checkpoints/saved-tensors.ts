import type { NamedArrays, ReadInto, Safetensors } from '@rodpo/files';

/** A place for tensors and texts. A save replaces the one before, and is there whole or not at all. */
export interface SavedTensors {
  /** The file, or what else an error is to name. */
  readonly place: string;
  /** The texts of what was saved last, all of which is checked; undefined if nothing was. */
  texts(): Promise<Safetensors['metadata'] | undefined>;
  /**
   * What was saved last, tensors of the names of `into` in its arrays; undefined if nothing was.
   *
   * @throws {RangeError} if an array of `into` does not fit
   */
  load(options?: ReadInto): Promise<Safetensors | undefined>;
  save(tensors: NamedArrays, metadata: Readonly<Record<string, string>>): Promise<void>;
}

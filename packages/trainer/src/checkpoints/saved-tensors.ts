import type { NamedArrays, Safetensors } from '@rodpo/files';

/** A place for tensors and texts. A save replaces the one before, and is there whole or not at all. */
export interface SavedTensors {
  /** The file, or what else an error is to name. */
  readonly place: string;
  /** What was saved last; undefined if nothing was. */
  load(): Promise<Safetensors | undefined>;
  save(tensors: NamedArrays, metadata: Readonly<Record<string, string>>): Promise<void>;
}

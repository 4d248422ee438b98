import type { ListedFile } from './manifest.ts';

/** Where the files of a bundle come from: a folder, or an address. */
export interface BundleSource {
  /** What a file is called in messages: its path, or its address. */
  nameOf(path: string): string;
  /**
   * The fields of the manifest, compared with its own checksum.
   *
   * @throws {BundleError} if there is none, or it is not as it was written
   */
  manifest(): Promise<Record<string, unknown>>;
  /**
   * Finds files, before any of them is read.
   *
   * @param files whose names lead nowhere else
   * @throws {BundleError} if one is missing, or lies outside after all
   */
  find(files: readonly ListedFile[]): Promise<void>;
  /**
   * Compares what files hold with the manifest, before any of it is believed.
   *
   * @param files that were found
   * @throws {BundleError} if one was changed
   */
  check(files: readonly ListedFile[]): Promise<void>;
  bytes(path: string): Promise<Uint8Array>;
  /** The values of JSON Lines, and whether the last of them was cut off. */
  lines(path: string): Promise<{ readonly values: readonly unknown[]; readonly torn: boolean }>;
  tensors(path: string): Promise<BundleTensors>;
}

/** Tensors of a file that is open. */
export interface BundleTensors {
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** @throws {RangeError} if the numbers are of another type than the array */
  read<Numbers extends Float32Array | Int32Array>(
    name: string,
    kind: new (length: number) => Numbers,
  ): Promise<Numbers>;
  close(): Promise<void>;
}

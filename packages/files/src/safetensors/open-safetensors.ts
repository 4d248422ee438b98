import { createHash } from 'node:crypto';
import { heldChecksum, requireChecksumOf, startChecksum, withoutChecksum } from './checksum.ts';
import { arrayOf, bytesOf, type ElementArray } from './element-type.ts';
import { fromHalf, isHalf } from './half-precision.ts';
import type { TensorEntry } from './header.ts';
import { openHeader, type PlacedHeader } from './open-header.ts';

export interface SafetensorsOptions {
  /** Refuses a file without a checksum, such as other tools write. Default false. */
  readonly requireChecksum?: boolean;
}

export interface OpenSafetensorsOptions extends SafetensorsOptions {
  /** The `header` of an earlier opening of a file that is the same still: it is not read again. */
  readonly known?: PlacedHeader;
}

/** A file open for reading: its header was read and checked, its numbers were not. */
export interface SafetensorsFile {
  readonly tensors: readonly Pick<TensorEntry, 'name' | 'dtype' | 'shape'>[];
  /** Without the checksum. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Bytes of the file. */
  readonly size: number;
  /** What was read of the file so far, for `known`. */
  readonly header: PlacedHeader;
  /**
   * Elements of a tensor from `first` on (default 0) into `target`, as many as it holds. Those of
   * float16 and bfloat16 go into a `Float32Array`, exactly.
   *
   * @throws {RangeError} if there is no such tensor, it has not as many, or they are of another type
   */
  read(name: string, target: ElementArray, first?: number): Promise<void>;
  /**
   * Reads the whole file.
   *
   * @throws {SafetensorsError} if its checksum does not fit, or it has none and must have one
   */
  check(): Promise<void>;
  /** SHA-256 of the whole file in hexadecimal, as `sha256OfFile` gives it. */
  sha256(): Promise<string>;
  close(): Promise<void>;
}

/**
 * Opens a safetensors file to read parts of it. What is read is only checked by `check`.
 *
 * @throws {SafetensorsError} if the file is cut off, malformed or of another element type
 */
export async function openSafetensors(
  file: string,
  { requireChecksum = false, known }: OpenSafetensorsOptions = {},
): Promise<SafetensorsFile> {
  const opened = await openHeader(file, known);
  const { header, bodyStart, bodyBytes, readBody, close } = opened;
  const entries = new Map(header.entries.map((entry) => [entry.name, entry]));
  return {
    tensors: header.entries.map(({ name, dtype, shape }) => ({ name, dtype, shape })),
    metadata: withoutChecksum(header),
    size: bodyStart + bodyBytes,
    read: async (name, target, first = 0) => {
      const entry = entries.get(name);
      const place = placeOf(name, entry, { target, first });
      if (!isHalf(entry!.dtype)) return readBody(target, place);
      const halves = new Uint16Array(target.length);
      await readBody(halves, place);
      fromHalf(entry!.dtype, halves, target as Float32Array);
    },
    check: async () => {
      if (!requireChecksum && heldChecksum(header) === undefined) return;
      const checksum = startChecksum(header);
      await opened.addTo(checksum, bodyStart);
      requireChecksumOf(file, header, checksum);
    },
    sha256: async () => {
      const hash = createHash('sha256');
      await opened.addTo(hash, 0);
      return hash.digest('hex');
    },
    header: { header, bodyStart, bodyBytes },
    close,
  };
}

/** In bytes from the start of the body. */
function placeOf(
  name: string,
  entry: TensorEntry | undefined,
  { target, first }: { target: ElementArray; first: number },
): number {
  if (!entry) throw new RangeError(`There is no tensor '${name}'.`);
  const { dtype, shape, from, to } = entry;
  if (!(target instanceof arrayOf[dtype])) {
    throw new RangeError(`Tensor '${name}' is of ${dtype}: it goes into no other array.`);
  }
  const start = from + first * bytesOf[dtype];
  if (Number.isSafeInteger(first) && first >= 0 && start + target.length * bytesOf[dtype] <= to)
    return start;
  const wanted = `${target.length} elements from ${first} on`;
  throw new RangeError(`Tensor '${name}' of shape [${shape}] has no ${wanted}.`);
}

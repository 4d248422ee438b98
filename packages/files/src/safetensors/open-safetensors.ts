import { heldChecksum, requireChecksumOf, startChecksum, withoutChecksum } from './checksum.ts';
import { arrayOf, type ElementArray } from './element-type.ts';
import type { TensorEntry } from './header.ts';
import { type OpenFile, openHeader } from './open-header.ts';

export interface SafetensorsOptions {
  /** Refuses a file without a checksum, such as other tools write. Default false. */
  readonly requireChecksum?: boolean;
}

/** A file open for reading: its header was read and checked, its numbers were not. */
export interface SafetensorsFile {
  readonly tensors: readonly Pick<TensorEntry, 'name' | 'dtype' | 'shape'>[];
  /** Without the checksum. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Bytes of the file. */
  readonly size: number;
  /**
   * Elements of a tensor from `first` on (default 0) into `target`, as many as it holds.
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
  close(): Promise<void>;
}

/**
 * Opens a safetensors file to read parts of it. What is read is only checked by `check`.
 *
 * @throws {SafetensorsError} if the file is cut off, malformed or of another element type
 */
export async function openSafetensors(
  file: string,
  { requireChecksum = false }: SafetensorsOptions = {},
): Promise<SafetensorsFile> {
  const opened = await openHeader(file);
  const { header, bodyStart, bodyBytes, readBody, close } = opened;
  const entries = new Map(header.entries.map((entry) => [entry.name, entry]));
  return {
    tensors: header.entries.map(({ name, dtype, shape }) => ({ name, dtype, shape })),
    metadata: withoutChecksum(header),
    size: bodyStart + bodyBytes,
    read: async (name, target, first = 0) =>
      readBody(target, placeOf(name, entries.get(name), { target, first })),
    check: async () => {
      if (requireChecksum || heldChecksum(header) !== undefined) await checkBody(file, opened);
    },
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
  const start = from + first * target.BYTES_PER_ELEMENT;
  if (first >= 0 && start + target.byteLength <= to) return start;
  const wanted = `${target.length} elements from ${first} on`;
  throw new RangeError(`Tensor '${name}' of shape [${shape}] has no ${wanted}.`);
}

const chunkBytes = 1 << 20;

async function checkBody(file: string, { header, bodyBytes, readBody }: OpenFile): Promise<void> {
  const checksum = startChecksum(header);
  const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, bodyBytes));
  for (let from = 0; from < bodyBytes; from += chunkBytes) {
    const part = chunk.subarray(0, Math.min(chunkBytes, bodyBytes - from));
    await readBody(part, from);
    checksum.update(part);
  }
  requireChecksumOf(file, header, checksum);
}

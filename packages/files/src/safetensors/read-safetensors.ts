import {
  addBytes,
  heldChecksum,
  requireChecksumOf,
  startChecksum,
  withoutChecksum,
} from './checksum.ts';
import { fromHalf, isHalf } from './half-precision.ts';
import { inBodyOrder, type TensorEntry } from './header.ts';
import type { NamedArray, NamedArrays } from './named-array.ts';
import { type OpenFile, openHeader } from './open-header.ts';
import type { SafetensorsOptions } from './open-safetensors.ts';
import { type ReadInto, requireKnown, targetOf } from './read-into.ts';
import { requireReadable } from './require-readable.ts';

export interface ReadSafetensorsOptions extends SafetensorsOptions, ReadInto {}

export interface Safetensors {
  readonly tensors: Record<string, NamedArray>;
  /** Without the checksum. */
  readonly metadata: Record<string, string>;
}

/**
 * The tensors and metadata of a whole safetensors file; those of float16 and bfloat16 are float32,
 * exactly. If it holds a checksum, as all do that
 * `writeSafetensors` wrote, the file is compared with it.
 *
 * @throws {SafetensorsError} if the file is damaged: cut off, malformed, of an element type other
 * than F32, F16, BF16, I32 and U8, or not what its checksum says; what was read into `into` is of no use then
 * @throws {RangeError} if an array of `into` does not fit
 */
export async function readSafetensors(
  file: string,
  { requireChecksum = false, into = {} }: ReadSafetensorsOptions = {},
): Promise<Safetensors> {
  const opened = await openHeader(file);
  try {
    const { header } = opened;
    requireKnown(into, header.entries);
    const arrays = new Map<string, NamedArray>();
    const checksum = startChecksum(header);
    for (const entry of inBodyOrder(header.entries)) {
      const { array, stored } = await readTensor(file, opened, { entry, into });
      arrays.set(entry.name, array);
      addBytes(checksum, stored);
    }
    if (requireChecksum || heldChecksum(header) !== undefined) {
      requireChecksumOf(file, header, checksum);
    }
    const tensors = header.entries.map(({ name }) => [name, arrays.get(name)!] as const);
    return { tensors: Object.fromEntries(tensors), metadata: withoutChecksum(header) };
  } finally {
    await opened.close();
  }
}

async function readTensor(
  file: string,
  { readBody }: OpenFile,
  { entry, into }: { entry: TensorEntry; into: NamedArrays },
): Promise<{ array: NamedArray; stored: NamedArray['data'] | Uint16Array }> {
  const { name, dtype, shape, from } = requireReadable(file, entry);
  const data = targetOf(into, { name, dtype, shape });
  if (!isHalf(dtype)) {
    await readBody(data, from);
    return { array: { shape, data }, stored: data };
  }
  const stored = new Uint16Array(data.length);
  await readBody(stored, from);
  fromHalf(dtype, stored, data as Float32Array);
  return { array: { shape, data }, stored };
}

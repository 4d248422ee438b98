import { writeAtomically } from '../write-atomically.ts';
import { checksumKey, checksumText, startChecksum } from './checksum.ts';
import type { ElementType } from './element-type.ts';
import {
  elementCount,
  encodeHeader,
  inBodyOrder,
  isSizes,
  metadataKey,
  type TensorEntry,
} from './header.ts';

/** Numbers of a tensor to write: those of a `NamedArray`, or of double precision. */
export interface WritableArray {
  readonly shape: readonly number[];
  readonly data: Float64Array | Float32Array | Int32Array | Uint8Array;
}

/**
 * Writes tensors and string metadata as one safetensors file, complete or not at all
 * (`writeAtomically`), with a checksum of all that it holds as `sha256` among its metadata.
 *
 * @throws {RangeError} if a tensor's data does not fill its shape, it is named `__metadata__`, or
 * metadata are named `sha256`
 * @see https://github.com/huggingface/safetensors#format
 */
export async function writeSafetensors(
  file: string,
  tensors: Readonly<Record<string, WritableArray>>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  if (Object.hasOwn(metadata, checksumKey)) {
    throw new RangeError(`Metadata must not be named ${checksumKey}: the checksum is kept there.`);
  }
  for (const [name, tensor] of Object.entries(tensors)) checkTensor(name, tensor);
  const entries = layOut(tensors);
  const bodies = inBodyOrder(entries).map(({ name }) => bytesOf(tensors[name]!.data));
  const checksum = startChecksum({ entries, metadata });
  for (const bytes of bodies) checksum.update(bytes);
  const texts = { ...metadata, [checksumKey]: checksumText(checksum) };
  await writeAtomically(file, [encodeHeader({ entries, metadata: texts }), ...bodies]);
}

/** In the order given, but the widest numbers come first: all lie where a typed array can start. */
function layOut(tensors: Readonly<Record<string, WritableArray>>): TensorEntry[] {
  const places = new Map<string, number>();
  let end = 0;
  for (const [name, { data }] of Object.entries(tensors).sort(
    ([, a], [, b]) => widthOf(b) - widthOf(a),
  )) {
    places.set(name, end);
    end += data.byteLength;
  }
  return Object.entries(tensors).map(([name, { shape, data }]) => {
    const from = places.get(name)!;
    return { name, dtype: typeOf(data), shape, from, to: from + data.byteLength };
  });
}

function checkTensor(name: string, { shape, data }: WritableArray): void {
  if (name === metadataKey) {
    throw new RangeError(`A tensor must not be named ${metadataKey}. Give it another name.`);
  }
  if (!isSizes(shape)) {
    throw new RangeError(`Tensor '${name}' must have a shape of integers from 0, got [${shape}]`);
  }
  const size = elementCount(shape);
  if (data.length !== size) {
    throw new RangeError(
      `Tensor '${name}' of shape [${shape}] must hold ${size} values, got ${data.length}`,
    );
  }
}

function widthOf({ data }: WritableArray): number {
  return data.BYTES_PER_ELEMENT;
}

function typeOf(data: WritableArray['data']): ElementType {
  if (data instanceof Float64Array) return 'F64';
  if (data instanceof Float32Array) return 'F32';
  return data instanceof Int32Array ? 'I32' : 'U8';
}

/** The bytes of an array, not copied. */
function bytesOf(data: WritableArray['data']): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

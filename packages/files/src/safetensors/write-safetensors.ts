import { quote, requireOneOf } from '@rodpo/errors';
import { writeAtomically } from '../write-atomically.ts';
import { addBytes, checksumKey, checksumText, startChecksum } from './checksum.ts';
import { arrayOf, bytesOf, type ElementType, elementTypeOf } from './element-type.ts';
import { type HalfType, isHalf, toHalf } from './half-precision.ts';
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

export interface WriteSafetensorsOptions {
  /**
   * Type of the floating-point numbers in the file. In half the bytes, they are rounded to the
   * nearest, ties to even, as torch does: float16 keeps 11 bits of numbers up to 65504, and more is
   * an infinity; bfloat16 keeps 8 bits of any. Integers stay as they are. Default: as given.
   */
  readonly dtype?: 'float16' | 'bfloat16';
}

/**
 * Writes tensors and string metadata as one safetensors file, complete or not at all
 * (`writeAtomically`), with a checksum of all that it holds as `sha256` among its metadata.
 *
 * @throws {RangeError} if a tensor's data does not fill its shape or is of another array, it is named `__metadata__`,
 * metadata are named `sha256`, one of them is no string, names and metadata take more than the 100 MB that
 * the format has for them, or there is no such `dtype`
 * @see https://github.com/huggingface/safetensors#format
 */
export async function writeSafetensors(
  file: string,
  tensors: Readonly<Record<string, WritableArray>>,
  metadata: Readonly<Record<string, string>> = {},
  options: WriteSafetensorsOptions = {},
): Promise<void> {
  requireWritable(tensors, metadata);
  await storeSafetensors(file, tensors, metadata, options);
}

/** What a file is told by, without being read. */
export interface StoredSafetensors {
  readonly bytes: number;
  /** That which it holds. */
  readonly checksum: string;
}

/** Writes what `requireWritable` has passed. */
export async function storeSafetensors(
  file: string,
  tensors: Readonly<Record<string, WritableArray>>,
  metadata: Readonly<Record<string, string>>,
  { dtype }: WriteSafetensorsOptions = {},
): Promise<StoredSafetensors> {
  if (dtype !== undefined) requireOneOf('dtype', dtype, Object.keys(halfTypes));
  const half = dtype && halfTypes[dtype];
  const entries = layOut(tensors, half);
  const bodies = inBodyOrder(entries).map(({ name, dtype }) => storedOf(tensors[name]!, dtype));
  const checksum = startChecksum({ entries, metadata });
  for (const bytes of bodies) addBytes(checksum, bytes);
  const text = checksumText(checksum);
  const header = encodeHeader({ entries, metadata: { ...metadata, [checksumKey]: text } });
  await writeAtomically(file, [header, ...bodies]);
  return { bytes: bodies.reduce((sum, body) => sum + body.length, header.length), checksum: text };
}

/** @throws {RangeError} if one could not be read back as it is */
export function requireWritable(
  tensors: Readonly<Record<string, WritableArray>>,
  metadata: Readonly<Record<string, string>>,
): void {
  if (Object.hasOwn(metadata, checksumKey)) {
    throw new RangeError(`Metadata must not be named ${checksumKey}: the checksum is kept there.`);
  }
  for (const [name, text] of Object.entries(metadata)) {
    if (typeof text === 'string') continue;
    throw new RangeError(`Metadata '${name}' must be a string, got ${quote(String(text))}`);
  }
  for (const [name, tensor] of Object.entries(tensors)) checkTensor(name, tensor);
}

const halfTypes = { float16: 'F16', bfloat16: 'BF16' } as const;

/** In the order given, but the widest numbers come first: all lie where a typed array can start. */
function layOut(
  tensors: Readonly<Record<string, WritableArray>>,
  half: HalfType | undefined,
): TensorEntry[] {
  const types = new Map(
    Object.entries(tensors).map(([name, { data }]) => [name, typeOf(data, half)] as const),
  );
  const widthOf = (name: string) => bytesOf[types.get(name)!];
  const places = new Map<string, number>();
  let end = 0;
  for (const name of [...types.keys()].sort((a, b) => widthOf(b) - widthOf(a))) {
    places.set(name, end);
    end += tensors[name]!.data.length * widthOf(name);
  }
  return Object.entries(tensors).map(([name, { shape, data }]) => {
    const from = places.get(name)!;
    return { name, dtype: types.get(name)!, shape, from, to: from + data.length * widthOf(name) };
  });
}

function checkTensor(name: string, { shape, data }: WritableArray): void {
  if (name === metadataKey) {
    throw new RangeError(`A tensor must not be named ${metadataKey}. Give it another name.`);
  }
  if (!isSizes(shape)) {
    throw new RangeError(`Tensor '${name}' must have a shape of integers from 0, got [${shape}]`);
  }
  if (!Object.values(arrayOf).some((known) => data instanceof known)) {
    const known = 'a Float64Array, Float32Array, Int32Array or Uint8Array';
    throw new RangeError(`Tensor '${name}' must be of ${known}, got ${quote(kindOf(data))}`);
  }
  const size = elementCount(shape);
  if (data.length !== size) {
    throw new RangeError(
      `Tensor '${name}' of shape [${shape}] must hold ${size} values, got ${data.length}`,
    );
  }
}

const kindOf = (value: unknown) => Object.prototype.toString.call(value).slice(8, -1);

function typeOf(data: WritableArray['data'], half: HalfType | undefined): ElementType {
  if (data instanceof Float64Array) return half ?? 'F64';
  return data instanceof Float32Array ? (half ?? 'F32') : elementTypeOf(data);
}

/** An array's bytes in the file: not copied, unless they are of another type there. */
function storedOf({ data }: WritableArray, dtype: ElementType): Uint8Array {
  const numbers = isHalf(dtype) ? toHalf(dtype, data as Float32Array | Float64Array) : data;
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

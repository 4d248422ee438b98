import { arrayOf, bytesOf } from './element-type.ts';
import { fromHalf, isHalf } from './half-precision.ts';
import {
  elementCount,
  headerLength,
  lengthBytes,
  parseHeader,
  requireLength,
  type TensorEntry,
} from './header.ts';
import type { NamedArray } from './named-array.ts';
import { requireReadable } from './require-readable.ts';

/**
 * The tensors of a safetensors file, from its bytes; those of float16 and bfloat16 are float32, exactly.
 * The others are views of the bytes where these lie as a number must, and copies where they do not. A
 * checksum among the metadata is not looked at: compare the bytes with one from elsewhere (`sha256OfBytes`).
 *
 * @param file what it is called in errors
 * @throws {SafetensorsError} if it is cut off, malformed or of an element type other than F32, F16, BF16, I32
 * and U8
 */
export function parseSafetensors(
  bytes: Uint8Array<ArrayBuffer>,
  file: string,
): Record<string, NamedArray> {
  requireLength(file, bytes.length);
  const bodyStart = lengthBytes + headerLength(file, bytes, bytes.length);
  const json = bytes.subarray(lengthBytes, bodyStart);
  const body = bytes.subarray(bodyStart);
  const { entries } = parseHeader(file, json, body.length);
  return Object.fromEntries(
    entries.map((entry) => [entry.name, { shape: entry.shape, data: dataOf(file, body, entry) }]),
  );
}

function dataOf(
  file: string,
  body: Uint8Array<ArrayBuffer>,
  entry: TensorEntry,
): NamedArray['data'] {
  const { dtype } = requireReadable(file, entry);
  const count = elementCount(entry.shape);
  const stored = aligned(body.subarray(entry.from, entry.to), bytesOf[dtype]);
  const { buffer, byteOffset } = stored;
  if (!isHalf(dtype)) return new arrayOf[dtype](buffer, byteOffset, count);
  const numbers = new Float32Array(count);
  fromHalf(dtype, new Uint16Array(buffer, byteOffset, count), numbers);
  return numbers;
}

/** The format does not say where in a file numbers may start; typed arrays do. */
function aligned(bytes: Uint8Array<ArrayBuffer>, size: number): Uint8Array<ArrayBuffer> {
  return bytes.byteOffset % size === 0 ? bytes : bytes.slice();
}

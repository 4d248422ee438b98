import { readFile, rename, writeFile } from 'node:fs/promises';
import type { NamedArray, NamedArrays } from './named-array.ts';

/** A file that is not a readable safetensors file. */
export class SafetensorsError extends Error {
  override readonly name = 'SafetensorsError';
  readonly file: string;

  constructor(file: string, problem: string) {
    super(`${file}: ${problem}. Expected a complete safetensors file of F32, I32 or U8 tensors.`);
    this.file = file;
  }
}

export interface Safetensors {
  readonly tensors: Record<string, NamedArray>;
  readonly metadata: Record<string, string>;
}

interface HeaderEntry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

const typeOf = { F32: Float32Array, I32: Int32Array, U8: Uint8Array };
const lengthBytes = 8;

/**
 * Writes tensors and string metadata as one safetensors file. Written under a temporary name and
 * renamed, so that a reader sees the old file or the new one, never half of one.
 *
 * @see https://github.com/huggingface/safetensors#format
 */
export async function writeSafetensors(
  file: string,
  tensors: NamedArrays,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    header[name] = {
      dtype: dtypeOf(data),
      shape,
      data_offsets: [offset, offset + data.byteLength],
    };
    offset += data.byteLength;
  }
  const json = Buffer.from(JSON.stringify(header));
  const padding = Buffer.alloc((lengthBytes - (json.length % lengthBytes)) % lengthBytes, ' ');
  const length = Buffer.alloc(lengthBytes);
  length.writeBigUInt64LE(BigInt(json.length + padding.length));
  const bodies = Object.values(tensors).map(({ data }) =>
    Buffer.from(data.buffer, data.byteOffset, data.byteLength),
  );
  await writeFile(`${file}.partial`, Buffer.concat([length, json, padding, ...bodies]));
  await rename(`${file}.partial`, file);
}

/** @throws {SafetensorsError} if the file is truncated, malformed or of another element type */
export async function readSafetensors(file: string): Promise<Safetensors> {
  const bytes = await readFile(file);
  const { header, bodyStart } = parseHeader(file, bytes);
  const { __metadata__: metadata = {}, ...entries } = header;
  const tensors = Object.entries(entries).map(([name, entry]) => [
    name,
    readTensor(file, name, entry as HeaderEntry, bytes.subarray(bodyStart)),
  ]);
  return { tensors: Object.fromEntries(tensors), metadata: metadata as Record<string, string> };
}

function parseHeader(
  file: string,
  bytes: Buffer,
): { header: Record<string, unknown>; bodyStart: number } {
  if (bytes.length < lengthBytes)
    throw new SafetensorsError(file, 'the file is shorter than 8 bytes');
  const bodyStart = lengthBytes + Number(bytes.readBigUInt64LE(0));
  if (bodyStart > bytes.length) throw new SafetensorsError(file, 'the header is cut off');
  try {
    return { header: JSON.parse(bytes.toString('utf8', lengthBytes, bodyStart)), bodyStart };
  } catch {
    throw new SafetensorsError(file, 'the header is not JSON');
  }
}

function readTensor(file: string, name: string, entry: HeaderEntry, body: Buffer): NamedArray {
  const type = typeOf[entry.dtype as keyof typeof typeOf];
  if (!type) throw new SafetensorsError(file, `tensor '${name}' has element type ${entry.dtype}`);
  const [from, to] = entry.data_offsets;
  const size = entry.shape.reduce((product, extent) => product * extent, type.BYTES_PER_ELEMENT);
  if (to - from !== size || to > body.length) {
    throw new SafetensorsError(file, `tensor '${name}' is cut off or of the wrong size`);
  }
  // A copy, because the file's bytes need not lie on the element's alignment.
  return { shape: entry.shape, data: new type(Uint8Array.from(body.subarray(from, to)).buffer) };
}

function dtypeOf(data: NamedArray['data']): keyof typeof typeOf {
  if (data instanceof Float32Array) return 'F32';
  return data instanceof Int32Array ? 'I32' : 'U8';
}

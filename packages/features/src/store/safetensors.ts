import type { FileHandle } from 'node:fs/promises';
import { isObject } from './canonical-json.ts';

/** The one tensor of a shard. */
const tensorName = 'vectors';
const metadataKey = '__metadata__';
/** Bytes of the header's length, at the start of the file. */
const lengthBytes = 8;
/** The limit of the format's own reader. */
const maxHeaderBytes = 100_000_000;
export const bytesPerValue: number = Float32Array.BYTES_PER_ELEMENT;

/** What a safetensors file of one F32 matrix says before its numbers. */
export interface MatrixHeader {
  readonly rows: number;
  readonly columns: number;
  readonly metadata: Readonly<Record<string, string>>;
  /** Where the numbers start, in bytes. They fill the rest of the file. */
  readonly bodyStart: number;
}

/** Not a safetensors file of one F32 matrix. The message says why, without the file's name. */
export class MatrixFormatError extends Error {
  override readonly name = 'MatrixFormatError';
}

/**
 * The bytes before a matrix's numbers.
 *
 * @see https://github.com/huggingface/safetensors#format
 */
export function encodeMatrixHeader(
  rows: number,
  columns: number,
  metadata: Readonly<Record<string, string>>,
): Buffer {
  const offsets = [0, rows * columns * bytesPerValue];
  const tensor = { dtype: 'F32', shape: [rows, columns], data_offsets: offsets };
  const json = Buffer.from(JSON.stringify({ [metadataKey]: metadata, [tensorName]: tensor }));
  const padding = Buffer.alloc((lengthBytes - (json.length % lengthBytes)) % lengthBytes, ' ');
  const length = Buffer.alloc(lengthBytes);
  length.writeBigUInt64LE(BigInt(json.length + padding.length));
  return Buffer.concat([length, json, padding]);
}

/** @throws {MatrixFormatError} unless the file is exactly one F32 matrix and string metadata */
export async function readMatrixHeader(handle: FileHandle): Promise<MatrixHeader> {
  const { size } = await handle.stat();
  if (size < lengthBytes) throw new MatrixFormatError(`is shorter than ${lengthBytes} bytes`);
  const length = (await readBytes(handle, 0, lengthBytes)).readBigUInt64LE(0);
  if (length > maxHeaderBytes) throw new MatrixFormatError('has a header of impossible length');
  const bodyStart = lengthBytes + Number(length);
  if (bodyStart > size) throw new MatrixFormatError('ends within its header');

  const header = parseJson(await readBytes(handle, lengthBytes, Number(length)));
  const { [metadataKey]: metadata = {}, [tensorName]: tensor, ...others } = header;
  if (!isStrings(metadata)) throw new MatrixFormatError('has metadata that are not strings');
  if (Object.keys(others).length > 0) {
    throw new MatrixFormatError(`has tensors besides '${tensorName}'`);
  }
  return { ...parseTensor(tensor, size - bodyStart), metadata, bodyStart };
}

/** Numbers of consecutive rows into `target`, `[rows, columns]`. */
export async function readMatrixRows(
  handle: FileHandle,
  { columns, bodyStart }: Pick<MatrixHeader, 'columns' | 'bodyStart'>,
  firstRow: number,
  target: Float32Array,
): Promise<void> {
  const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
  await fill(handle, bytes, bodyStart + firstRow * columns * bytesPerValue);
}

function parseTensor(tensor: unknown, bodyBytes: number): { rows: number; columns: number } {
  if (!isObject(tensor)) throw new MatrixFormatError(`has no tensor '${tensorName}'`);
  const { dtype, shape, data_offsets: offsets } = tensor;
  if (dtype !== 'F32') throw new MatrixFormatError(`has element type ${dtype} instead of F32`);
  if (!isPair(shape)) throw new MatrixFormatError('has a tensor that is not a matrix');
  const [rows, columns] = shape;
  const bytes = rows * columns * bytesPerValue;
  if (!isPair(offsets) || offsets[0] !== 0 || offsets[1] !== bytes) {
    throw new MatrixFormatError('has offsets that do not fit its shape');
  }
  if (bodyBytes < bytes) throw new MatrixFormatError('ends within its numbers');
  if (bodyBytes > bytes) throw new MatrixFormatError('goes on after its numbers');
  return { rows, columns };
}

function parseJson(bytes: Uint8Array): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (isObject(header)) return header;
  } catch {} // said below
  throw new MatrixFormatError('has a header that is not a JSON object');
}

function isPair(value: unknown): value is [number, number] {
  const isSize = (size: unknown) => Number.isSafeInteger(size) && (size as number) >= 0;
  return Array.isArray(value) && value.length === 2 && value.every(isSize);
}

function isStrings(value: unknown): value is Record<string, string> {
  return isObject(value) && Object.values(value).every((text) => typeof text === 'string');
}

async function readBytes(handle: FileHandle, from: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  await fill(handle, bytes, from);
  return bytes;
}

async function fill(handle: FileHandle, bytes: Uint8Array, from: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await handle.read(bytes, done, bytes.length - done, from + done);
    if (bytesRead === 0) throw new MatrixFormatError('ended while it was read');
    done += bytesRead;
  }
}

import { quote } from '@rodpo/errors';
import { isJsonObject } from '../json/is-json-object.ts';
import { bytesOf, type ElementType } from './element-type.ts';
import { SafetensorsError } from './safetensors-error.ts';

export const metadataKey = '__metadata__';
/** Bytes of the header's length, at the start of the file. */
export const lengthBytes = 8;
/** The limit of the format's own reader. */
const maxHeaderBytes = 100_000_000;

/** A tensor as the header tells of it. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: ElementType;
  readonly shape: readonly number[];
  /** The tensor's bytes, counted from the start of the body. */
  readonly from: number;
  readonly to: number;
}

export interface Header {
  /** In the header's order, which need not be that of the bytes. */
  readonly entries: readonly TensorEntry[];
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * The bytes before a file's numbers. The padding lets these lie where a number may start.
 *
 * @throws {RangeError} if names and metadata take more than the format allows
 */
export function encodeHeader({ entries, metadata }: Header): Buffer {
  const tensors = entries.map(
    ({ name, dtype, shape, from, to }) =>
      [name, { dtype, shape, data_offsets: [from, to] }] as const,
  );
  const header = Object.fromEntries<unknown>([[metadataKey, metadata], ...tensors]);
  const json = Buffer.from(JSON.stringify(header));
  const padding = Buffer.alloc((lengthBytes - (json.length % lengthBytes)) % lengthBytes, ' ');
  if (json.length + padding.length > maxHeaderBytes) {
    const allowed = `names and metadata must take ${maxHeaderBytes} bytes at most`;
    throw new RangeError(`Of a safetensors file ${allowed}, got ${json.length}`);
  }
  const length = Buffer.alloc(lengthBytes);
  length.writeBigUInt64LE(BigInt(json.length + padding.length));
  return Buffer.concat([length, json, padding]);
}

/** @throws {SafetensorsError} if a file of so many bytes cannot even say how long its header is */
export function requireLength(file: string, size: number): void {
  if (size >= lengthBytes) return;
  throw new SafetensorsError(file, `the file is shorter than ${lengthBytes} bytes`);
}

/**
 * Bytes of the header after its length.
 *
 * @param bytes the first of the file
 * @throws {SafetensorsError} if the file is shorter, or the header longer than the format allows
 */
export function headerLength(file: string, bytes: Uint8Array, size: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, lengthBytes);
  const length = view.getBigUint64(0, true);
  if (length > size - lengthBytes) throw new SafetensorsError(file, 'the header is cut off');
  if (length > maxHeaderBytes) throw new SafetensorsError(file, 'the header is too long');
  return Number(length);
}

/**
 * @param json the header without its length
 * @throws {SafetensorsError} unless the tensors fill the whole body without overlap
 */
export function parseHeader(file: string, json: Uint8Array, bodyBytes: number): Header {
  const { [metadataKey]: metadata = {}, ...tensors } = parseJson(file, json);
  if (!isStrings(metadata)) {
    throw new SafetensorsError(file, 'the metadata is not strings by name');
  }
  const entries = Object.entries(tensors).map(([name, value]) => parseEntry(file, name, value));
  checkLayout(file, entries, bodyBytes);
  return { entries, metadata };
}

function parseJson(file: string, bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new SafetensorsError(file, 'the header is not JSON');
  }
  if (!isJsonObject(header)) throw new SafetensorsError(file, 'the header is not a JSON object');
  return header;
}

function parseEntry(file: string, name: string, value: unknown): TensorEntry {
  const { dtype, shape, data_offsets: offsets } = isJsonObject(value) ? value : {};
  if (!isSizes(shape) || !isSizes(offsets) || offsets.length !== 2) {
    throw new SafetensorsError(file, `tensor ${quote(name)} lacks a valid shape or valid offsets`);
  }
  if (typeof dtype !== 'string' || !Object.hasOwn(bytesOf, dtype)) {
    const known = Object.keys(bytesOf).join(', ');
    const problem = `has element type ${quote(String(dtype))}, none of ${known}`;
    throw new SafetensorsError(file, `tensor ${quote(name)} ${problem}`);
  }
  const type = dtype as ElementType;
  const [from, to] = offsets as [number, number];
  if (to - from !== elementCount(shape) * bytesOf[type]) {
    throw new SafetensorsError(file, `tensor ${quote(name)} has offsets that do not fit its shape`);
  }
  return { name, dtype: type, shape, from, to };
}

/** The format allows no gap, no overlap and nothing after the last tensor. */
function checkLayout(file: string, entries: readonly TensorEntry[], bodyBytes: number): void {
  let end = 0;
  for (const { name, from, to } of inBodyOrder(entries)) {
    if (from !== end) {
      throw new SafetensorsError(file, `tensor ${quote(name)} overlaps another or leaves a gap`);
    }
    end = to;
  }
  if (end > bodyBytes) throw new SafetensorsError(file, 'the tensors are cut off');
  if (end < bodyBytes) throw new SafetensorsError(file, 'bytes follow the last tensor');
}

/** Empty tensors share their place with others: names settle the order then. */
export function inBodyOrder(entries: readonly TensorEntry[]): TensorEntry[] {
  return [...entries].sort((a, b) => a.from - b.from || a.to - b.to || (a.name < b.name ? -1 : 1));
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** Whether this is a shape, or a pair of offsets: integers from 0. */
export function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function isStrings(value: unknown): value is Record<string, string> {
  return isJsonObject(value) && Object.values(value).every((text) => typeof text === 'string');
}

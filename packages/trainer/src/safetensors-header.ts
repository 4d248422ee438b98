import { SafetensorsError } from './safetensors-error.ts';

export const typeOf: {
  readonly F32: typeof Float32Array;
  readonly I32: typeof Int32Array;
  readonly U8: typeof Uint8Array;
} = { F32: Float32Array, I32: Int32Array, U8: Uint8Array };
export const metadataKey = '__metadata__';
/** Bytes of the header's length, at the start of the file. */
export const lengthBytes = 8;

interface Entry {
  readonly name: string;
  readonly dtype: keyof typeof typeOf;
  readonly shape: readonly number[];
  /** The tensor's bytes, counted from the start of the body. */
  readonly from: number;
  readonly to: number;
}

interface Header {
  readonly entries: Entry[];
  readonly metadata: Record<string, string>;
  readonly body: Buffer;
}

/** @throws {SafetensorsError} unless the tensors fill the whole body without overlap */
export function parseHeader(file: string, bytes: Buffer): Header {
  if (bytes.length < lengthBytes) {
    throw new SafetensorsError(file, `the file is shorter than ${lengthBytes} bytes`);
  }
  const bodyStart = lengthBytes + Number(bytes.readBigUInt64LE(0));
  if (bodyStart > bytes.length) throw new SafetensorsError(file, 'the header is cut off');
  const header = parseJson(file, bytes.subarray(lengthBytes, bodyStart));
  const { [metadataKey]: metadata = {}, ...tensors } = header;
  if (!isObject(metadata) || !Object.values(metadata).every((value) => typeof value === 'string')) {
    throw new SafetensorsError(file, 'the metadata is not strings by name');
  }
  const entries = Object.entries(tensors).map(([name, value]) => parseEntry(file, name, value));
  const body = bytes.subarray(bodyStart);
  checkLayout(file, entries, body.length);
  return { entries, metadata: metadata as Record<string, string>, body };
}

function parseJson(file: string, bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new SafetensorsError(file, 'the header is not JSON');
  }
  if (!isObject(header)) throw new SafetensorsError(file, 'the header is not a JSON object');
  return header;
}

function parseEntry(file: string, name: string, value: unknown): Entry {
  const { dtype, shape, data_offsets: offsets } = isObject(value) ? value : {};
  if (!isSizes(shape) || !isSizes(offsets) || offsets.length !== 2) {
    throw new SafetensorsError(file, `tensor '${name}' lacks a valid shape or valid offsets`);
  }
  if (typeof dtype !== 'string' || !Object.hasOwn(typeOf, dtype)) {
    throw new SafetensorsError(file, `tensor '${name}' has element type ${dtype}`);
  }
  const known = dtype as keyof typeof typeOf;
  const [from, to] = offsets as [number, number];
  const size = shape.reduce((product, extent) => product * extent, 1);
  if (to - from !== size * typeOf[known].BYTES_PER_ELEMENT) {
    throw new SafetensorsError(file, `tensor '${name}' has offsets that do not fit its shape`);
  }
  return { name, dtype: known, shape, from, to };
}

/** The format allows no gap, no overlap and nothing after the last tensor. */
function checkLayout(file: string, entries: readonly Entry[], bodyBytes: number): void {
  const ordered = [...entries].sort((a, b) => a.from - b.from || a.to - b.to);
  let end = 0;
  for (const { name, from, to } of ordered) {
    if (from !== end) {
      throw new SafetensorsError(file, `tensor '${name}' overlaps another or leaves a gap`);
    }
    end = to;
  }
  if (end > bodyBytes) throw new SafetensorsError(file, 'the tensors are cut off');
  if (end < bodyBytes) throw new SafetensorsError(file, 'bytes follow the last tensor');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether this is a shape, or a pair of offsets: integers from 0. */
export function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

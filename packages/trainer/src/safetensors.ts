import { readFile, rename, writeFile } from 'node:fs/promises';
import type { NamedArray, NamedArrays } from './named-array.ts';
import { isSizes, lengthBytes, metadataKey, parseHeader, typeOf } from './safetensors-header.ts';

export interface Safetensors {
  readonly tensors: Record<string, NamedArray>;
  readonly metadata: Record<string, string>;
}

/**
 * Writes tensors and string metadata as one safetensors file. Written under a temporary name and
 * renamed, so that a reader sees the old file or the new one, never half of one.
 *
 * @throws {RangeError} if a tensor's data does not fill its shape, or its name is `__metadata__`
 * @see https://github.com/huggingface/safetensors#format
 */
export async function writeSafetensors(
  file: string,
  tensors: NamedArrays,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  let offset = 0;
  const entries = Object.entries(tensors).map(([name, { shape, data }]) => {
    checkTensor(name, shape, data);
    const from = offset;
    offset += data.byteLength;
    return [name, { dtype: dtypeOf(data), shape, data_offsets: [from, offset] }] as const;
  });
  const header = Object.fromEntries<unknown>([[metadataKey, metadata], ...entries]);
  const json = Buffer.from(JSON.stringify(header));
  const padding = Buffer.alloc((lengthBytes - (json.length % lengthBytes)) % lengthBytes, ' ');
  const length = Buffer.alloc(lengthBytes);
  length.writeBigUInt64LE(BigInt(json.length + padding.length));
  const bodies = Object.values(tensors).map(({ data }) =>
    Buffer.from(data.buffer, data.byteOffset, data.byteLength),
  );
  const bytes = Buffer.concat([length, json, padding, ...bodies]);
  // On disk before the new name is, or a power cut could leave the name of an empty file.
  await writeFile(`${file}.partial`, bytes, { flush: true });
  await rename(`${file}.partial`, file);
}

/** @throws {SafetensorsError} if the file is truncated, malformed or of another element type */
export async function readSafetensors(file: string): Promise<Safetensors> {
  const bytes = await readFile(file);
  const { entries, metadata, body } = parseHeader(file, bytes);
  const tensors = entries.map(({ name, dtype, shape, from, to }) => {
    // A copy, because the file's bytes need not lie on the element's alignment.
    const { buffer } = new Uint8Array(body.subarray(from, to));
    return [name, { shape, data: new typeOf[dtype](buffer) }] as const;
  });
  return { tensors: Object.fromEntries(tensors), metadata };
}

function checkTensor(name: string, shape: readonly number[], data: NamedArray['data']): void {
  if (name === metadataKey) {
    throw new RangeError(`A tensor must not be named ${metadataKey}. Give it another name.`);
  }
  if (!isSizes(shape)) {
    throw new RangeError(`Tensor '${name}' must have a shape of integers from 0, got [${shape}]`);
  }
  const size = shape.reduce((product, extent) => product * extent, 1);
  if (data.length !== size) {
    throw new RangeError(
      `Tensor '${name}' of shape [${shape}] must hold ${size} values, got ${data.length}`,
    );
  }
}

function dtypeOf(data: NamedArray['data']): keyof typeof typeOf {
  if (data instanceof Float32Array) return 'F32';
  return data instanceof Int32Array ? 'I32' : 'U8';
}

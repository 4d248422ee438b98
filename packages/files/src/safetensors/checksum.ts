import { createHash, type Hash } from 'node:crypto';
import { type Header, inBodyOrder } from './header.ts';
import { SafetensorsError } from './safetensors-error.ts';

/** Where a file keeps its checksum, among the metadata. */
export const checksumKey = 'sha256';
/**
 * Says what the digest is of, and tells it from other metadata: a checksum whose key was damaged is
 * still known as one.
 */
const prefix = 'v1:';
const form = /^v1:[0-9a-f]{64}$/;

/**
 * The start of a file's checksum: its tensors' names, types, shapes and places, and its metadata.
 * What is left to add is the body. The order of names in the header does not count.
 */
export function startChecksum({ entries, metadata }: Header): Hash {
  const tensors = inBodyOrder(entries).map(({ name, dtype, shape, from, to }) => {
    return [name, dtype, shape, from, to];
  });
  const texts = Object.entries(metadata)
    .filter(([name]) => name !== checksumKey)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify([tensors, texts]));
}

/** One update of a hash takes less than 2 GiB. */
const partBytes = 2 ** 30;

/** Adds an array's bytes, however many. */
export function addBytes(hash: Hash, { buffer, byteOffset, byteLength }: ArrayBufferView): void {
  for (let done = 0; done < byteLength; done += partBytes) {
    const length = Math.min(partBytes, byteLength - done);
    hash.update(new Uint8Array(buffer, byteOffset + done, length));
  }
}

/** A checksum to which the body was added, as metadata hold it. */
export function checksumText(hash: Hash): string {
  return prefix + hash.digest('hex');
}

/** The checksum that metadata hold, whatever became of its name; undefined if there is none. */
export function heldChecksum({ metadata }: Pick<Header, 'metadata'>): string | undefined {
  if (Object.hasOwn(metadata, checksumKey)) return metadata[checksumKey];
  return Object.values(metadata).find((text) => form.test(text));
}

/** @throws {SafetensorsError} unless the checksum that the file holds is there and is this one */
export function requireChecksumOf(file: string, header: Header, found: Hash): void {
  const held = heldChecksum(header);
  if (held === undefined) throw new SafetensorsError(file, 'it holds no checksum');
  if (held === checksumText(found)) return;
  throw new SafetensorsError(file, 'it is damaged: its checksum does not fit');
}

export function withoutChecksum({ metadata }: Pick<Header, 'metadata'>): Record<string, string> {
  const { [checksumKey]: _, ...texts } = metadata;
  return texts;
}

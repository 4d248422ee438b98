import type { Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { namingPath } from '../with-path.ts';
import { type Header, headerLength, lengthBytes, parseHeader, requireLength } from './header.ts';
import { SafetensorsError } from './safetensors-error.ts';

/** A header as it was read, and where the body is. */
export interface PlacedHeader {
  readonly header: Header;
  readonly bodyStart: number;
  readonly bodyBytes: number;
}

/** A file whose header was read, and whose body can be. */
export interface OpenFile extends PlacedHeader {
  /** Fills `target` with the body's bytes from one position on. */
  readBody(target: ArrayBufferView, from: number): Promise<void>;
  /** Adds the file's bytes from one position to the end. */
  addTo(hash: Hash, start: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param known of an earlier opening: it is not read again
 * @throws {SafetensorsError} if the file is cut off, malformed or of another element type
 */
export async function openHeader(file: string, known?: PlacedHeader): Promise<OpenFile> {
  const handle = await open(file, 'r');
  try {
    const { header, bodyStart, bodyBytes } = known ?? (await readHeader(file, handle));
    return {
      ...{ header, bodyStart, bodyBytes },
      readBody: ({ buffer, byteOffset, byteLength }, from) => {
        const target = new Uint8Array(buffer, byteOffset, byteLength);
        return fill(file, handle, { target, position: bodyStart + from });
      },
      addTo: async (hash, start) => {
        const end = bodyStart + bodyBytes;
        for await (const part of parts(file, handle, { start, end })) hash.update(part);
      },
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function readHeader(file: string, handle: FileHandle): Promise<PlacedHeader> {
  const { size } = await handle.stat();
  requireLength(file, size);
  const first = Buffer.alloc(lengthBytes);
  await fill(file, handle, { target: first, position: 0 });
  const bodyStart = lengthBytes + headerLength(file, first, size);
  const json = Buffer.alloc(bodyStart - lengthBytes);
  await fill(file, handle, { target: json, position: lengthBytes });
  const bodyBytes = size - bodyStart;
  return { header: parseHeader(file, json, bodyBytes), bodyStart, bodyBytes };
}

const chunkBytes = 1 << 20;

async function* parts(
  file: string,
  handle: FileHandle,
  { start, end }: { start: number; end: number },
): AsyncGenerator<Uint8Array, void> {
  const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, end - start));
  for (let position = start; position < end; position += chunkBytes) {
    const target = chunk.subarray(0, Math.min(chunkBytes, end - position));
    await fill(file, handle, { target, position });
    yield target;
  }
}

async function fill(
  file: string,
  handle: FileHandle,
  { target, position }: { target: Uint8Array; position: number },
): Promise<void> {
  for (let done = 0; done < target.length; ) {
    const length = Math.min(2 ** 30, target.length - done); // one read of more than 2 GiB fails
    const { bytesRead } = await namingPath(
      file,
      handle.read(target, done, length, position + done),
    );
    if (bytesRead === 0) throw new SafetensorsError(file, 'it ended while it was read');
    done += bytesRead;
  }
}

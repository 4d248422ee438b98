import { type FileHandle, open } from 'node:fs/promises';
import { type Header, lengthBytes, maxHeaderBytes, parseHeader } from './header.ts';
import { SafetensorsError } from './safetensors-error.ts';

/** A file whose header was read, and whose body can be. */
export interface OpenFile {
  readonly header: Header;
  readonly bodyStart: number;
  readonly bodyBytes: number;
  /** Fills `target` with the body's bytes from one position on. */
  readBody(target: ArrayBufferView, from: number): Promise<void>;
  close(): Promise<void>;
}

/** @throws {SafetensorsError} if the file is cut off, malformed or of another element type */
export async function openHeader(file: string): Promise<OpenFile> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const bodyStart = lengthBytes + (await headerLength(file, handle, size));
    const json = Buffer.alloc(bodyStart - lengthBytes);
    await fill(file, handle, { target: json, position: lengthBytes });
    const bodyBytes = size - bodyStart;
    return {
      ...{ header: parseHeader(file, json, bodyBytes), bodyStart, bodyBytes },
      readBody: ({ buffer, byteOffset, byteLength }, from) => {
        const target = new Uint8Array(buffer, byteOffset, byteLength);
        return fill(file, handle, { target, position: bodyStart + from });
      },
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function headerLength(file: string, handle: FileHandle, size: number): Promise<number> {
  if (size < lengthBytes) {
    throw new SafetensorsError(file, `the file is shorter than ${lengthBytes} bytes`);
  }
  const target = Buffer.alloc(lengthBytes);
  await fill(file, handle, { target, position: 0 });
  const length = target.readBigUInt64LE();
  if (length > size - lengthBytes) throw new SafetensorsError(file, 'the header is cut off');
  if (length > maxHeaderBytes) throw new SafetensorsError(file, 'the header is too long');
  return Number(length);
}

async function fill(
  file: string,
  handle: FileHandle,
  { target, position }: { target: Uint8Array; position: number },
): Promise<void> {
  for (let done = 0; done < target.length; ) {
    const length = Math.min(2 ** 30, target.length - done); // one read of more than 2 GiB fails
    const { bytesRead } = await handle.read(target, done, length, position + done);
    if (bytesRead === 0) throw new SafetensorsError(file, 'it ended while it was read');
    done += bytesRead;
  }
}

import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { TableError } from './table-error.ts';

/**
 * DuckDB takes the end of a compressed file that was cut for the end of its table. So it is looked at
 * before: gzip by its checksum, Zstandard by the sizes of its blocks. Other files pass.
 *
 * @throws {TableError} if the file is cut or damaged
 */
export async function checkCompressed(file: string, signal?: AbortSignal): Promise<void> {
  if (/\.gz$/i.test(file)) await checkGzip(file, signal);
  else if (/\.zst$/i.test(file)) await checkZstandard(file);
}

function incomplete(file: string, cause?: unknown): TableError {
  return new TableError(
    { file },
    'expected a whole compressed file, got one that is cut or damaged. Bring the file anew.',
    { cause },
  );
}

async function checkGzip(file: string, signal?: AbortSignal): Promise<void> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    await pipeline(createReadStream(file), createGunzip(), nowhere, signal ? { signal } : {});
  } catch (cause) {
    signal?.throwIfAborted();
    const { code } = cause as NodeJS.ErrnoException;
    if (code?.startsWith('Z_')) throw incomplete(file, cause);
    throw cause;
  }
}

const magic = 0xfd2fb528;
const lastSkippable = 0x184d2a5f;

/**
 * Frame by frame, from each block's size to the next: nothing is decompressed.
 *
 * @see RFC 8878, 3.1
 */
async function checkZstandard(file: string): Promise<void> {
  const handle = await open(file);
  const { size } = await handle.stat();
  const bytes = Buffer.alloc(18);
  const at = async (place: number, length: number): Promise<Buffer> => {
    const { bytesRead } = await handle.read(bytes, 0, length, place);
    if (bytesRead < length) throw incomplete(file);
    return bytes;
  };
  try {
    let place = 0;
    while (place < size) {
      const number = (await at(place, 4)).readUInt32LE();
      if ((number & 0xfffffff0) >>> 0 === (lastSkippable & 0xfffffff0) >>> 0) {
        place += 8 + (await at(place + 4, 4)).readUInt32LE();
      } else if (number === magic) place = await endOfFrame(place + 4, at);
      else throw incomplete(file);
    }
    if (place !== size || size === 0) throw incomplete(file);
  } finally {
    await handle.close();
  }
}

async function endOfFrame(
  start: number,
  at: (place: number, length: number) => Promise<Buffer>,
): Promise<number> {
  const descriptor = (await at(start, 1))[0]!;
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3]!;
  let place = start + 1 + (isSingleSegment ? 0 : 1) + dictionaryBytes + sizeBytes;
  for (let isLast = false; !isLast; ) {
    const header = (await at(place, 3)).readUIntLE(0, 3);
    isLast = (header & 1) === 1;
    const isRepeatedByte = ((header >> 1) & 3) === 1;
    place += 3 + (isRepeatedByte ? 1 : header >> 3);
  }
  return place + ((descriptor & 4) === 4 ? 4 : 0);
}

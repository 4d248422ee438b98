import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type Line, lineText, namingPath, scanLines } from '@rodpo/files';
import { DataFormatError } from '../files/data-format-error.ts';

/**
 * The lines of a text file, plain or compressed by gzip, with their numbers from 1. Empty lines are
 * passed over.
 *
 * @throws {DataFormatError} if a line is not UTF-8, where it is to be, or a compressed file is cut or
 * damaged: behind the last line that could be read
 */
export async function* textLines(
  path: string,
  encoding: 'utf-8' | 'latin-1' = 'utf-8',
): AsyncGenerator<[number: number, text: string], void> {
  let last = 0;
  try {
    const isCompressed = /\.gz$/i.test(path);
    for await (const lines of scanLines(path, isCompressed ? { chunks: decompressed(path) } : {})) {
      for (const line of lines) {
        last = line.number;
        const text = encoding === 'latin-1' ? latin1(line) : lineText(path, line);
        if (text !== '') yield [last, text];
      }
    }
  } catch (cause) {
    if (!(cause as NodeJS.ErrnoException).code?.startsWith('Z_')) throw cause;
    const problem = 'expected a whole compressed file, got one that is cut or damaged';
    throw new DataFormatError(path, last + 1, `${problem}. Bring the file anew.`, { cause });
  }
}

async function* decompressed(path: string): AsyncGenerator<Uint8Array, void> {
  const bytes = pipeline(createReadStream(path), createGunzip(), () => undefined);
  const chunks: AsyncIterator<Uint8Array> = bytes[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { value, done } = await namingPath(path, chunks.next());
      if (done) return;
      yield value;
    }
  } finally {
    bytes.destroy();
  }
}

const latin1 = ({ bytes: { buffer, byteOffset, length } }: Line): string =>
  Buffer.from(buffer, byteOffset, length).toString('latin1');

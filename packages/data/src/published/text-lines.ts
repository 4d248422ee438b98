import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { lineText, namingPath } from '@rodpo/files';

/**
 * The lines of a text file, plain or compressed by gzip, with their numbers from 1. Empty lines are
 * passed over.
 *
 * @throws {TextFormatError} if a line is not UTF-8, where it is to be
 */
export async function* textLines(
  path: string,
  encoding: 'utf-8' | 'latin-1' = 'utf-8',
): AsyncGenerator<[number: number, text: string], void> {
  const file = createReadStream(path);
  const bytes = /\.gz$/i.test(path) ? file.pipe(createGunzip()) : file;
  file.on('error', (error) => bytes.destroy(error));
  let rest: Buffer = Buffer.alloc(0);
  let number = 1;
  const textOf = (line: Buffer) => {
    const own = line.at(-1) === 13 ? line.subarray(0, -1) : line;
    if (encoding === 'latin-1') return own.toString('latin1');
    return lineText(path, { bytes: own, number }).replace(/^\ufeff/, '');
  };
  const chunks = bytes[Symbol.asyncIterator]();
  for (;;) {
    const { value, done } = await namingPath(path, chunks.next());
    if (done) break;
    const chunk: Buffer = rest.length > 0 ? Buffer.concat([rest, value]) : value;
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      const text = textOf(chunk.subarray(start, end));
      if (text !== '') yield [number, text];
      number++;
      start = end + 1;
    }
    rest = chunk.subarray(start);
  }
  if (rest.length > 0) yield [number, textOf(rest)];
}

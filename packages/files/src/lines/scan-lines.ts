import { type FileHandle, open } from 'node:fs/promises';
import { namingPath } from '../with-path.ts';
import { TextFormatError } from './text-format-error.ts';

/** A line's bytes, and where they are. */
export interface Line {
  /** Without its end, and without a byte order mark at the start of the file. */
  readonly bytes: Uint8Array;
  /** Where the line starts in the file, in bytes. */
  readonly offset: number;
  /** From 1. */
  readonly number: number;
  /** False for a last line that the file ends in the middle of, or after without a line end. */
  readonly ended: boolean;
}

export interface ScanLinesOptions {
  /** The file, open already: it is left open. Default: opened and closed here. */
  readonly handle?: FileHandle;
  /** What is in the file, where that is not its own bytes, such as it decompressed. */
  readonly chunks?: AsyncIterable<Uint8Array>;
  /** Where to start, in bytes: 0, the default, or the start of a line. */
  readonly from?: number;
  /** Where to end, in bytes: the start of a line. Default: the end of the file. Not of `chunks`. */
  readonly to?: number;
  /** Number of the line that starts at `from`. Default 1. */
  readonly firstNumber?: number;
  /** A line of more bytes is an error. Default 64 MiB; a string of JavaScript holds 512 MiB. */
  readonly maxLineBytes?: number;
  /** Bytes read at a time. Default 1 MiB. */
  readonly chunkBytes?: number;
}

const newline = 10;
const carriageReturn = 13;
const byteOrderMark = Buffer.of(0xef, 0xbb, 0xbf);

/**
 * The lines of a file, a piece of the file at a time, so that files larger than memory pass
 * through. A line ends at `\n` or `\r\n` and nowhere else. Empty lines are among them.
 *
 * Takes time in proportion to the bytes, however they are cut into lines.
 *
 * @throws {TextFormatError} for a line longer than `maxLineBytes`, before it is in memory
 */
export async function* scanLines(
  file: string,
  options: ScanLinesOptions = {},
): AsyncGenerator<readonly Line[], void> {
  if (options.chunks) {
    yield* linesOf(file, options.chunks, options);
    return;
  }
  const handle = options.handle ?? (await open(file, 'r'));
  try {
    yield* linesOf(file, chunksOf(file, handle, options), options);
  } finally {
    if (!options.handle) await handle.close();
  }
}

async function* chunksOf(
  file: string,
  handle: FileHandle,
  { from = 0, to = Infinity, chunkBytes = 1 << 20 }: ScanLinesOptions,
): AsyncGenerator<Uint8Array, void> {
  for (let position = from; position < to; ) {
    const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, to - position));
    const { bytesRead } = await namingPath(file, handle.read(chunk, 0, chunk.length, position));
    if (bytesRead === 0) return;
    yield chunk.subarray(0, bytesRead);
    position += bytesRead;
  }
}

async function* linesOf(
  file: string,
  chunks: AsyncIterable<Uint8Array>,
  { from = 0, firstNumber = 1, maxLineBytes = 64 << 20 }: ScanLinesOptions,
): AsyncGenerator<readonly Line[], void> {
  let line = { number: firstNumber, offset: from, parts: [] as Uint8Array[], length: 0 };
  const add = (part: Uint8Array) => {
    if (line.length + part.length > maxLineBytes) {
      const problem = `expected lines of at most ${maxLineBytes} bytes, got a longer one`;
      throw new TextFormatError(file, line.number, `${problem}. Is this a text file?`);
    }
    line.parts.push(part);
    line.length += part.length;
  };
  let position = from;
  for await (const read of chunks) {
    const lines: Line[] = [];
    let start = 0;
    for (let end = read.indexOf(newline); end >= 0; end = read.indexOf(newline, start)) {
      add(read.subarray(start, end));
      lines.push(finish(line, true));
      start = end + 1;
      line = { number: line.number + 1, offset: position + start, parts: [], length: 0 };
    }
    add(read.subarray(start));
    position += read.length;
    if (lines.length > 0) yield lines;
  }
  if (line.length > 0) yield [finish(line, false)];
}

function finish(
  { number, offset, parts }: { number: number; offset: number; parts: readonly Uint8Array[] },
  ended: boolean,
): Line {
  let bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  if (bytes.at(-1) === carriageReturn) bytes = bytes.subarray(0, -1);
  if (offset === 0 && byteOrderMark.equals(bytes.subarray(0, 3))) bytes = bytes.subarray(3);
  return { bytes, offset, number, ended };
}

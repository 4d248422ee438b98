import type { FileHandle } from 'node:fs/promises';

/** A line that is not empty, and where it is. */
export interface Line {
  /** Without its line end. */
  readonly bytes: Uint8Array;
  /** Of its first byte. */
  readonly offset: number;
  /** From 1, empty lines counted. */
  readonly number: number;
}

export interface ReadLinesOptions {
  readonly from?: number;
  /** Default: the end of the file. */
  readonly to?: number;
  /** Number of the line that starts at `from`. Default 1. */
  readonly firstNumber?: number;
  /** Bytes read at a time. Default 1 MiB. */
  readonly chunkBytes?: number;
}

const newline = 10;
const carriageReturn = 13;

/** The lines of a file between two line starts, a chunk's at a time. Empty lines are left out. */
export async function* readLines(
  handle: FileHandle,
  { from = 0, to = Infinity, firstNumber = 1, chunkBytes = 1 << 20 }: ReadLinesOptions = {},
): AsyncGenerator<readonly Line[], void> {
  let number = firstNumber;
  let rest: Uint8Array = new Uint8Array(0);
  for (let position = from; position < to; ) {
    const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, to - position));
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, position);
    if (bytesRead === 0) break;
    const bytes = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
    const offset = position - rest.length;
    const lines: Line[] = [];
    let start = 0;
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
      lines.push({ bytes: trimEnd(bytes.subarray(start, end)), offset: offset + start, number });
      number++;
      start = end + 1;
    }
    rest = bytes.subarray(start);
    position += bytesRead;
    yield lines.filter((line) => line.bytes.length > 0);
    from = offset + start;
  }
  // The last line may lack its end.
  if (trimEnd(rest).length > 0) yield [{ bytes: trimEnd(rest), offset: from, number }];
}

function trimEnd(bytes: Uint8Array): Uint8Array {
  return bytes.at(-1) === carriageReturn ? bytes.subarray(0, -1) : bytes;
}

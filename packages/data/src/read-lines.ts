import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * The lines of a UTF-8 text file with their 1-based numbers, one at a time, so
 * that files larger than memory pass through. Accepts `\n` and `\r\n`; drops a
 * byte order mark; skips blank lines, which keep their numbers.
 */
export async function* readLines(path: string): AsyncGenerator<[number: number, text: string]> {
  const input = createReadStream(path, 'utf8');
  let number = 0;
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      number++;
      const text = number === 1 ? line.replace(/^\uFEFF/, '') : line;
      if (/[^ \t]/.test(text)) yield [number, text];
    }
  } finally {
    input.destroy(); // a reader that stops early leaves the file open otherwise
  }
}

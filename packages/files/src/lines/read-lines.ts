import { lineText } from './line-text.ts';
import { type ScanLinesOptions, scanLines } from './scan-lines.ts';

/**
 * The lines of a UTF-8 text file with their numbers from 1, one at a time. A line ends at `\n` or
 * `\r\n` and nowhere else: line separators of Unicode are characters like others. A byte order mark
 * is dropped; lines of nothing but spaces and tabulators are passed over and keep their numbers.
 *
 * @throws {TextFormatError} if a line is not UTF-8, or is longer than `maxLineBytes`
 */
export async function* readLines(
  path: string,
  options: Pick<ScanLinesOptions, 'maxLineBytes' | 'chunkBytes'> = {},
): AsyncGenerator<[number: number, text: string], void> {
  for await (const lines of scanLines(path, options)) {
    for (const line of lines) {
      const text = lineText(path, line);
      if (/[^ \t]/.test(text)) yield [line.number, text];
    }
  }
}

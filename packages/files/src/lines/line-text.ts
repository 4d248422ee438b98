import { quote } from '@rodpo/errors';
import type { Line } from './scan-lines.ts';
import { TextFormatError } from './text-format-error.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @throws {TextFormatError} if the line is not UTF-8: nothing is replaced by U+FFFD */
export function lineText(file: string, { bytes, number }: Pick<Line, 'bytes' | 'number'>): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    const legible = new TextDecoder().decode(bytes.subarray(0, 1000));
    const problem = `expected text in UTF-8, got bytes that are none: ${quote(legible)}`;
    throw new TextFormatError(file, number, `${problem}. Save the file as UTF-8.`, { cause });
  }
}

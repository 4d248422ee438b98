import { FileDamagedError } from '../file-damaged-error.ts';
import { type ParseJsonOptions, parseJson } from './parse-json.ts';

const newline = 10;

/**
 * The values of a whole file of JSON Lines, from its bytes. Empty lines are passed over. A last line that
 * does not end is what a killed writer leaves, and no whole file.
 *
 * @throws {FileDamagedError} with the line's number, if a line is not JSON in UTF-8 or does not end
 */
export function parseJsonLines(bytes: Uint8Array, options: ParseJsonOptions): unknown[] {
  const values: unknown[] = [];
  for (let [start, line] = [0, 1]; start < bytes.length; line++) {
    const end = bytes.indexOf(newline, start);
    if (end < 0) {
      throw new FileDamagedError(options.file, {
        ...{ problem: 'the last line does not end', line, advice: options.advice },
      });
    }
    const own = bytes.subarray(start, end);
    if (own.some((byte) => byte !== 13)) values.push(parseJson(own, { ...options, line }));
    start = end + 1;
  }
  return values;
}

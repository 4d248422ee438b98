import { FileDamagedError } from '../file-damaged-error.ts';
import { isMissing } from '../if-there.ts';
import { type Line, scanLines } from '../lines/scan-lines.ts';
import { parseJson } from './parse-json.ts';

/** What a file of JSON Lines holds. */
export interface JsonLines {
  readonly values: readonly unknown[];
  /** Whether a last line was left out because its writer was stopped in the middle of it. */
  readonly torn: boolean;
}

/**
 * The values of a file of JSON Lines; none if there is no such file. A last line that does not end,
 * or is no whole value, is what a killed writer leaves: it is left out and reported.
 *
 * @throws {FileDamagedError} if a line before the last is not JSON: a killed writer does not do that
 * @throws {TextFormatError} for a line longer than `readLines` takes
 * @throws the file system's error, unless it says that there is no such file
 */
export async function readJsonLines(file: string): Promise<JsonLines> {
  const values: unknown[] = [];
  let damage: FileDamagedError | undefined;
  try {
    for await (const lines of scanLines(file)) {
      for (const line of lines) {
        if (damage) throw damage; // it is not in the last line
        if (line.bytes.length === 0) continue;
        damage = addValue(values, file, line);
      }
    }
  } catch (error) {
    if (isMissing(error)) return { values: [], torn: false };
    throw error;
  }
  return { values, torn: damage !== undefined };
}

function addValue(values: unknown[], file: string, line: Line): FileDamagedError | undefined {
  try {
    const value = parseJson(line.bytes, { file, line: line.number });
    // What looks whole need not be: of `12.5\n`, `12` may have been written.
    if (!line.ended) return new FileDamagedError(file, { problem: 'the last line does not end' });
    values.push(value);
    return undefined;
  } catch (error) {
    if (error instanceof FileDamagedError) return error;
    throw error;
  }
}

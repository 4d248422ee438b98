import { writeAtomically } from '../write-atomically.ts';
import { toJson } from './to-json.ts';

/** Characters of lines that are written together. */
const partLength = 1 << 20;

/**
 * Writes values as JSON Lines, all of them or none (`writeAtomically`).
 *
 * @throws {TypeError} if a value is nothing that JSON has, such as `undefined`
 */
export async function writeJsonLines(
  file: string,
  values: Iterable<unknown> | AsyncIterable<unknown>,
): Promise<void> {
  await writeAtomically(file, encode(values));
}

/** A write for each of a million lines would take longer than all else. */
async function* encode(values: Iterable<unknown> | AsyncIterable<unknown>) {
  let lines: string[] = [];
  let length = 0;
  for await (const value of values) {
    const line = `${toJson(value)}\n`;
    lines.push(line);
    length += line.length;
    if (length < partLength) continue;
    yield Buffer.from(lines.join(''));
    lines = [];
    length = 0;
  }
  if (length > 0) yield Buffer.from(lines.join(''));
}

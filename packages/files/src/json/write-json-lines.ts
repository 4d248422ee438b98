import { writeAtomically } from '../write-atomically.ts';
import { toJson } from './to-json.ts';

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

async function* encode(values: Iterable<unknown> | AsyncIterable<unknown>) {
  for await (const value of values) yield Buffer.from(`${toJson(value)}\n`);
}

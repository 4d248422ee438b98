import { writeAtomically } from '../write-atomically.ts';
import { toJson } from './to-json.ts';

/**
 * Writes a value as indented JSON, complete or not at all (`writeAtomically`).
 *
 * @throws {TypeError} if the value is nothing that JSON has, such as `undefined`
 */
export async function writeJson(file: string, value: unknown): Promise<void> {
  await writeAtomically(file, `${toJson(value, { indent: 2 })}\n`);
}

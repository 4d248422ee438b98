import { createHash } from 'node:crypto';
import { FileDamagedError, readJson, writeJson } from '@rodpo/files';

const defaultAdvice =
  'Restore it from a copy, or delete it and give the same command again: what is missing is made anew.';

/** Writes an object as JSON with a checksum beside its fields: a changed digit is still JSON. */
export async function writeSealedJson(file: string, value: object): Promise<void> {
  await writeJson(file, sealed(value));
}

/** The object with its checksum, as `writeSealedJson` writes it. */
export function sealed(value: object): object {
  return { ...value, sha256: digestOf(value) };
}

/**
 * An object that `writeSealedJson` wrote.
 *
 * @param advice what to do about a damaged file, as a sentence
 *
 * @throws {FileDamagedError} if it is not as it was written
 * @throws the file system's error, such as `ENOENT`, with its `code`
 */
export async function readSealedJson(
  file: string,
  advice: string = defaultAdvice,
): Promise<Record<string, unknown>> {
  const value = await readJson(file, { advice });
  const { sha256, ...fields } = Object(value) as Record<string, unknown>;
  if (sha256 === digestOf(fields)) return fields;
  const problem =
    sha256 === undefined ? 'it holds no checksum' : 'it is damaged: its checksum does not fit';
  throw new FileDamagedError(file, { problem, advice });
}

/** Of the value as it is when it is read again. */
function digestOf(value: object): string {
  return sha256Of(JSON.stringify(JSON.parse(JSON.stringify(value))));
}

/** SHA-256 in hexadecimal. */
export function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

import { sha256Of } from '../sha256-of.ts';
import { isJsonObject } from './is-json-object.ts';
import { readJson } from './read-json.ts';
import { brokenSeal, sealText } from './seal.ts';
import { writeJson } from './write-json.ts';

const defaultAdvice =
  'Restore it from a copy, or delete it and give the same command again: what is missing is made anew.';

/**
 * Writes an object as JSON with a checksum beside its fields, as `sha256`: a changed digit is still
 * JSON, and would be believed.
 */
export async function writeSealedJson(file: string, value: object): Promise<void> {
  await writeJson(file, sealed(value));
}

/** The object with its checksum, as `writeSealedJson` writes it, in place of one that it has. */
export function sealed(value: object): object {
  const { sha256: _, ...fields } = value as { readonly sha256?: unknown };
  return { ...fields, sha256: digestOf(fields) };
}

/** The fields of what `sealed` gave; undefined if it is anything else, or is no longer what it was. */
export function unsealed(value: unknown): Record<string, unknown> | undefined {
  if (!isJsonObject(value)) return undefined;
  const { sha256, ...fields } = value;
  return sha256 === digestOf(fields) ? fields : undefined;
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
  const fields = unsealed(value);
  if (fields) return fields;
  throw brokenSeal(value, { file, advice });
}

function digestOf(fields: object): string {
  return sha256Of(sealText(fields));
}

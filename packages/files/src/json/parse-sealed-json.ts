import { sha256OfBytes } from '../sha256-of-bytes.ts';
import { isJsonObject } from './is-json-object.ts';
import { type ParseJsonOptions, parseJson } from './parse-json.ts';
import { brokenSeal, sealText } from './seal.ts';

/**
 * The fields of an object that `writeSealedJson` wrote, from the bytes of its file.
 *
 * @throws {FileDamagedError} if it is not as it was written
 */
export async function parseSealedJson(
  bytes: Uint8Array,
  options: ParseJsonOptions,
): Promise<Record<string, unknown>> {
  const value = parseJson(bytes, options);
  if (isJsonObject(value)) {
    const { sha256, ...fields } = value;
    const text = new TextEncoder().encode(sealText(fields));
    if (sha256 === (await sha256OfBytes(text))) return fields;
  }
  throw brokenSeal(value, options);
}

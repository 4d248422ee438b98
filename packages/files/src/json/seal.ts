import { FileDamagedError } from '../file-damaged-error.ts';
import { isJsonObject } from './is-json-object.ts';

/** What the checksum of sealed fields is made of: the value as it is when it is read again. */
export function sealText(fields: object): string {
  return JSON.stringify(JSON.parse(JSON.stringify(fields)));
}

/** The error of a value whose checksum is not that of its fields. */
export function brokenSeal(
  value: unknown,
  { file, advice }: { readonly file: string; readonly advice?: string | undefined },
): FileDamagedError {
  const isSealed = isJsonObject(value) && value.sha256 !== undefined;
  const problem = isSealed ? 'it is damaged: its checksum does not fit' : 'it holds no checksum';
  return new FileDamagedError(file, { problem, advice });
}

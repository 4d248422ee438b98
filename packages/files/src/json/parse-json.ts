import { quote } from '@rodpo/errors';
import { FileDamagedError } from '../file-damaged-error.ts';

/** What an error says of bytes that are not as they should be. */
export interface ParseJsonOptions {
  /** What the file is called: its path or address. */
  readonly file: string;
  /** From 1, if the bytes are one of many lines. */
  readonly line?: number | undefined;
  /** What to do about a damaged file, as a sentence. */
  readonly advice?: string | undefined;
}

const utf8 = new TextDecoder('utf-8', { fatal: true }); // takes a byte order mark off

/** @throws {FileDamagedError} if the bytes are not JSON in UTF-8 */
export function parseJson(bytes: Uint8Array, { file, ...where }: ParseJsonOptions): unknown {
  let text: string | undefined;
  try {
    text = utf8.decode(bytes);
    return JSON.parse(text);
  } catch (cause) {
    const problem = `expected JSON, got ${describe(text, cause)}`;
    throw new FileDamagedError(file, { problem, ...where }, { cause });
  }
}

function describe(text: string | undefined, cause: unknown): string {
  if (text === undefined) return 'bytes that are not UTF-8 text';
  if (text.trim() === '') return 'nothing';
  const [, position] = /at position (\d+)/.exec(String(cause)) ?? [];
  if (position === undefined) return `what is none, or ends too soon: ${quote(text)}`;
  const place = Number(position);
  if (place >= text.length) return `what ends too soon: ${quote(text)}`;
  return `what is none from character ${place + 1} on: ${quote(text.slice(place))}`;
}

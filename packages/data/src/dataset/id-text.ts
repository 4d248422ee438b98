/**
 * The id of a user or an item. A number or a bigint is its decimal text: `7`, `7n` and `'7'` are one id,
 * and `'07'` is another.
 */
export type Id = string | number | bigint;

/** What an id is to be, for an error's message. */
export const anId =
  'an id: a text that is not empty and whole, an integer up to 2⁵³ − 1, or a bigint';

/**
 * The text of an id, or nothing if it is none: an empty text, one with half a surrogate pair (no file can
 * hold it), or a number that is not a safe integer (above 2⁵³ − 1, two ids may be one number).
 */
export function idText(id: unknown): string | undefined {
  switch (typeof id) {
    case 'string':
      return id !== '' && !loneSurrogate.test(id) ? id : undefined;
    case 'number':
      return Number.isSafeInteger(id) ? String(id) : undefined;
    case 'bigint':
      return String(id);
    default:
      return undefined;
  }
}

const loneSurrogate = /\p{Cs}/u;

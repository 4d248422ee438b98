import { TextFormatError } from '@rodpo/files';

export type Fields = { readonly [key: string]: unknown };

/**
 * What a line of a published file holds.
 *
 * @param parse throws a `SyntaxError` for a line of another kind
 * @throws {TextFormatError} with file and line, for such a line, or if it holds no fields
 */
export function fieldsIn(
  parse: () => unknown,
  place: { path: string; number: number; expected: string; advice: string },
): Fields {
  const { path, number, expected, advice } = place;
  const fail = (got: string, cause?: unknown) =>
    new TextFormatError(path, number, `expected ${expected}, got another line: ${got}. ${advice}`, {
      cause,
    });
  let fields: unknown;
  try {
    fields = parse();
  } catch (cause) {
    throw cause instanceof SyntaxError ? fail(cause.message, cause) : cause;
  }
  if (typeof fields === 'object' && fields !== null && !Array.isArray(fields)) {
    return fields as Fields;
  }
  throw fail('something else');
}

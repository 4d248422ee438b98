/**
 * The wait that a `Retry-After` header asks for, in milliseconds from `now`: a number of seconds,
 * or a date in any of the three formats of HTTP. Undefined if it is missing or neither.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
export function retryAfterMilliseconds(
  header: string | undefined,
  now: number,
): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const time = parseHttpDate(text);
  return Number.isNaN(time) ? undefined : Math.max(0, time - now);
}

/** The oldest of the formats names no zone, and means the same one as the others. */
function parseHttpDate(text: string): number {
  if (!/^[A-Z][a-z]{2,8},? /.test(text)) return Number.NaN;
  return Date.parse(text.endsWith(' GMT') ? text : `${text} GMT`);
}

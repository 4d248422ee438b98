/**
 * Text as Markdown shows it: nothing in it is markup, a line stays a line, and a cell of a table one
 * cell. Brackets that make no link stay as they are, for intervals. A backslash before any mark of
 * ASCII stands for that mark.
 *
 * @see https://spec.commonmark.org/0.31.2/#backslash-escapes
 */
export function markdownText(text: string): string {
  return text
    .replace(/\s*[\r\n\u2028\u2029]+\s*/g, ' ')
    .replace(/[\\`*_<>&|~#$]|\](?=[([:])/g, '\\$&');
}

/** Text as code, whatever marks are in it: the fence is longer than any row of backticks. */
export function markdownCode(text: string): string {
  const line = text.replace(/[\r\n\u2028\u2029]+/g, ' ');
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([row]) => row.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `\`${line}\`` : `${fence} ${line} ${fence}`;
}

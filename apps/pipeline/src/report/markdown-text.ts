/**
 * Text as Markdown shows it: nothing in it is markup, a line stays a line, and a cell of a table one
 * cell. Marks that begin no tag, entity or link stay as they are: intervals, `p < 0.001`. A backslash
 * before any mark of ASCII stands for that mark.
 *
 * @see https://spec.commonmark.org/0.31.2/#backslash-escapes
 */
export function markdownText(text: string): string {
  return text
    .replace(/\s*[\r\n\u2028\u2029]+\s*/g, ' ')
    .replace(/[\\`*_|~#$]|<(?=[a-z/!?])|^>|&(?=[a-z#])|\](?=[([:])/gi, '\\$&');
}

/** Text as code, whatever marks are in it: the fence is longer than any row of backticks. */
export function markdownCode(text: string): string {
  const line = text.replace(/[\r\n\u2028\u2029]+/g, ' ');
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([row]) => row.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `\`${line}\`` : `${fence} ${line} ${fence}`;
}

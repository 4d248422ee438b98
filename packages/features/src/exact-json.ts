/**
 * JSON whose numbers lose no digit: one that JavaScript would write otherwise (an integer beyond
 * 2^53, `1.0`, `1e3`, `-0`) becomes the text that stands in the source. All others are numbers.
 *
 * @throws {SyntaxError} if the text is no JSON
 */
export function parseExactJson(text: string): unknown {
  const exact = quoteInexact(text);
  if (exact !== text) JSON.parse(text); // a number that is quoted could make it JSON
  return JSON.parse(exact);
}

/** Puts quotation marks around such numbers; what is between quotation marks already is left. */
function quoteInexact(text: string): string {
  const parts: string[] = [];
  for (let at = 0; at < text.length; ) {
    const start = text.indexOf('"', at);
    const between = start < 0 ? text.slice(at) : text.slice(at, start);
    parts.push(between.replace(numberPattern, exactly));
    if (start < 0) break;
    at = endOfString(text, start);
    parts.push(text.slice(start, at));
  }
  return parts.join('');
}

const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

function exactly(digits: string): string {
  return String(Number(digits)) === digits ? digits : `"${digits}"`;
}

/** The place after the closing quotation mark: the first one not behind an odd row of backslashes. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return end + 1;
  }
  return text.length;
}

/** Characters that a terminal may act on, or that look like nothing or like something else. */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * What came, for an error's message: between double quotes, at most `limit` characters of it
 * (default 60), and nothing in it that a terminal acts on. Control characters, invisible ones and
 * line separators are written as `\u{…}`, and what is left out is counted.
 *
 * Costs as much as what is shown, however long the text.
 */
export function quote(text: string, limit = 60): string {
  const shown = text.length > limit ? cutAt(text, limit) : text;
  const safe = shown.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replace(unsafe, escaped);
  const left = text.length - shown.length;
  return left > 0 ? `"${safe}…" (${left} more characters)` : `"${safe}"`;
}

/** Half of a surrogate pair is no character. */
function cutAt(text: string, limit: number): string {
  const last = text.charCodeAt(limit - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? limit - 1 : limit);
}

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(character: string): string {
  return short[character] ?? `\\u{${character.codePointAt(0)!.toString(16)}}`;
}

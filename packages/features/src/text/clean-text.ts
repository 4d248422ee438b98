import { actionable } from '@rodpo/errors';
import { decodeHTMLStrict } from 'entities/decode';
import { UnusableInput } from '../unusable-input.ts';
import { dropMarkup } from './drop-markup.ts';

export interface CleanTextOptions {
  /** Longest result, in UTF-16 code units (`length` of a string). Default 8192. */
  readonly maxCharacters?: number;
}

/**
 * One text as it is given to every text embedder. In this order:
 *
 * 1. HTML entities are decoded if they end with `;`: `&eacute;` but not the `&copy` in `cut&copy`.
 *    `&amp;amp;…` counts as one `&` however often it was escaped, so `&amp;amp;quot;` is `"`.
 * 2. HTML comments, the content of `script` and `style`, and tags are taken out, escaped ones too.
 *    A tag is `<`, `</`, `<!` or `<?` with a letter directly after it, up to a `>` with no other
 *    `<` in between; so `a < b` and `<3` stay. Inline elements leave nothing (`H<sub>2</sub>O`),
 *    others a space.
 * 3. Control characters, all that is never visible (zero-width, directional marks, soft hyphens,
 *    joiners and variation selectors, also those in emoji), lone surrogates and U+FFFD are taken
 *    out. Of a run of combining marks the first 30 are kept (the limit of Unicode's stream-safe
 *    text): ordering longer runs takes quadratic time.
 * 4. Unicode NFC. Not NFKC, which loses what a model may know (`m²` → `m2`, `½` → `1⁄2`) and
 *    which the tokenizers that want it apply on their own.
 * 5. Runs of white space become one space, and none is left at the ends.
 * 6. The text is cut after `maxCharacters`, never inside a surrogate pair.
 *
 * Takes time linear in the length of the text, whatever the text.
 *
 * @throws {UnusableInput} `unsupported` if it is not a string, `empty` if nothing is left
 * @throws {RangeError} if `maxCharacters` is not a positive integer
 * @see https://www.unicode.org/reports/tr15/#Stream_Safe_Text_Format
 */
export function cleanText(text: string, { maxCharacters = 8192 }: CleanTextOptions = {}): string {
  requireLimit(maxCharacters);
  if (typeof text !== 'string') {
    throw new UnusableInput('unsupported', `Expected a text, got ${describe(text)}.`);
  }
  const plain = normalise(dropMarkup(decodeEntities(text)));
  const cleaned = cut(plain, maxCharacters).trimEnd();
  if (cleaned !== '') return cleaned;
  throw new UnusableInput(
    'empty',
    `Nothing is left of this text of ${text.length} characters after cleaning.`,
  );
}

/** Folding `&amp;amp;` first, in one pass, makes any depth of escaping one more pass only. */
function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return decodeHTMLStrict(text.replace(/&(?:amp;)+/gi, '&'));
}

/** Plain printable ASCII, the usual case, has nothing to take out but white space. */
function normalise(text: string): string {
  const visible = /^[ -~]*$/.test(text) ? text : dropInvisible(text).normalize('NFC');
  return visible.replace(/[\s\u0085]+/g, ' ').trim();
}

/** The look-behind, because a greedy `\p{M}+` over megabytes overflows the engine's stack. */
function dropInvisible(text: string): string {
  return text
    .replace(/(?![\s\u0085])[\p{Cc}\p{Cs}]|[\p{Default_Ignorable_Code_Point}\ufffd]/gu, '')
    .replace(/(?<=\p{M}{30})\p{M}/gu, '');
}

function cut(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const last = text.charCodeAt(maxCharacters - 1);
  const isHighSurrogate = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, isHighSurrogate ? maxCharacters - 1 : maxCharacters);
}

function requireLimit(maxCharacters: number): void {
  if (Number.isSafeInteger(maxCharacters) && maxCharacters >= 1) return;
  throw actionable(
    new RangeError(`maxCharacters must be a positive integer, got ${maxCharacters}`),
  );
}

function describe(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value;
}

import { quote } from '@rodpo/errors';
import { expect, test } from 'vitest';

test.each([
  ['plain', '"plain"'],
  ['', '""'],
  ['say "a\\b"', '"say \\"a\\\\b\\""'],
  ['a\tb\r\n', '"a\\tb\\r\\n"'],
  ['\u001b[31mred\u0007', '"\\u{1b}[31mred\\u{7}"'],
  ['a\u200bb\u202ec\u2028', '"a\\u{200b}b\\u{202e}c\\u{2028}"'],
  ['\u009b1m', '"\\u{9b}1m"'],
  ['half \ud83d', '"half \\u{d83d}"'],
  ['Füße 🙂', '"Füße 🙂"'],
])('%j is quoted so that no terminal acts on it', (text, expected) => {
  expect(quote(text)).toBe(expected);
});

test('a long text is cut, and what is left out is counted', () => {
  expect(quote('x'.repeat(61))).toBe(`"${'x'.repeat(60)}…" (1 more characters)`);
  expect(quote('abcdef', 4)).toBe('"abcd…" (2 more characters)');
});

test('no character is cut in half', () => {
  expect(quote('ab🙂cd', 3)).toBe('"ab…" (4 more characters)');
});

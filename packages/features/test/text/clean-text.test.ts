import { UnusableInput } from '@rodpo/features';
import { cleanText } from '@rodpo/features/text';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

/** A letter and a mark that NFC makes one. */
const decomposed = 'e\u0301';

describe('entities', () => {
  test.each([
    ['Salt &amp; pepper', 'Salt & pepper'],
    ['Caf&eacute; &#233;t&#xE9;', 'Café été'],
    ['5&nbsp;ml', '5 ml'],
    ['soft&shy;ware', 'software'],
    ['Tom &amp;amp; Ann', 'Tom & Ann'],
    ['7 &amp;amp;amp;amp;quot; nails', '7 " nails'],
    ['a &amp;lt;b&amp;gt; c', 'a c'],
    ['AT&T R&D &c', 'AT&T R&D &c'],
    ['cut&copy and &notanentity; &#65', 'cut&copy and &notanentity; &#65'],
    ['x&#0;y&#xD800;z', 'xyz'],
  ])('%s is %s', (text, cleaned) => {
    expect(cleanText(text)).toBe(cleaned);
  });
});

describe('markup', () => {
  test.each([
    ['<p>One</p><p class="x">two</p>', 'One two'],
    ['red<br/>blue<BR>green', 'red blue green'],
    ['H<sub>2</sub>O <B>bo</B>ld', 'H2O bold'],
    ['<a\nhref="x">link</a>', 'link'],
    ['a<!-- > <b> -->b', 'a b'],
    ['a<script type="x">if (a < b) { "</b>" }</script>b', 'a b'],
    ['<STYLE>p > b { color: red }</style >text', 'text'],
    ['<!DOCTYPE html><?xml version="1"?>text', 'text'],
    ['&lt;br&gt;line&lt;/br&gt;', 'line'],
    ['a < b', 'a < b'],
    ['a <b', 'a <b'],
    ['1<2 and 3>2', '1<2 and 3>2'],
    ['<3 you <33', '<3 you <33'],
    ['by <joe@example.com>', 'by <joe@example.com>'],
    ['x <y <b>z</b>', 'x <y z'],
    ['never <!-- closed', 'never <!-- closed'],
    ['never <script>closed', 'never closed'],
    ['<scripture>text', 'text'],
  ])('%s is %s', (text, cleaned) => {
    expect(cleanText(text)).toBe(cleaned);
  });
});

describe('characters', () => {
  test.each([
    {
      fact: 'white space becomes one space',
      text: ' a\t\r\n\u00a0\u3000\u2028\u0085b ',
      is: 'a b',
    },
    { fact: 'control characters go', text: 'a\u0000b\u0007c\u009fd', is: 'abcd' },
    { fact: 'zero-width characters go', text: 'a\u200bb\u200dc\u2060d\ufeffe', is: 'abcde' },
    { fact: 'directional marks go', text: '\u202eabc\u202c\u200f', is: 'abc' },
    { fact: 'variation selectors go', text: '❤\ufe0f', is: '❤' },
    { fact: 'lone surrogates go', text: 'a\ud800b\udc00c', is: 'abc' },
    { fact: 'replacement characters go', text: 'caf\ufffd', is: 'caf' },
    { fact: 'letters and marks are composed', text: decomposed, is: '\u00e9' },
    { fact: 'marks that an invisible parts are composed', text: 'e\u200b\u0301', is: '\u00e9' },
    { fact: 'compatibility characters stay', text: 'm² ½ ﬁ Ａ ™', is: 'm² ½ ﬁ Ａ ™' },
    { fact: 'emoji stay', text: '💄 ✨', is: '💄 ✨' },
    { fact: 'other scripts stay', text: '化粧水 مرطب साबुन', is: '化粧水 مرطب साबुन' },
  ])('$fact', ({ text, is }) => {
    expect(cleanText(text)).toBe(is);
  });

  test('of a run of combining marks thirty are kept', () => {
    expect(cleanText(`x${'\u0316'.repeat(40)}y`)).toBe(`x${'\u0316'.repeat(30)}y`);
  });
});

describe('limits', () => {
  test('a text is cut after maxCharacters', () => {
    expect(cleanText('abcdef', { maxCharacters: 4 })).toBe('abcd');
    expect(cleanText('abc def', { maxCharacters: 4 })).toBe('abc');
    expect(cleanText('<b>a</b>&amp;b', { maxCharacters: 3 })).toBe('a&b');
    expect(cleanText('x'.repeat(9000))).toHaveLength(8192);
  });

  test('a surrogate pair is kept whole or not at all', () => {
    expect(cleanText('ab💄', { maxCharacters: 3 })).toBe('ab');
    expect(cleanText('ab💄', { maxCharacters: 4 })).toBe('ab💄');
  });

  // Were a step quadratic, a megabyte would take hours, and this test its time limit.
  test.each([
    ['<', '<'],
    ['&', '&'],
    ['&amp;', '&'],
    ['amp;', 'amp;'],
    ['<a', '<a'],
    ['<a ', '<a '],
    ['<!--', '<!--'],
    ['<!-- --', '<!-- --'],
    ['<script ', '<script '],
    ['</script', '</script'],
    ['<a-', '<a-'],
    ['&#', '&#'],
    ['a  ', 'a '],
    ['x\u0315\u0300\u0316', 'x\u0316\u0300\u0315'],
    ['💄\u200d', '💄'],
  ])('a megabyte of %j is read like a short text', (part, cleaned) => {
    const text = part.repeat(2 ** 20 / part.length);
    const expected = cleaned.repeat(2000 / cleaned.length + 1).slice(0, 2000);

    expect(cleanText(text, { maxCharacters: 2000 })).toBe(expected.trimEnd());
  });

  test.each(['<a', '<!--', '&', '<script '])('so is %j and a megabyte of letters', (start) => {
    const text = start + 'a'.repeat(2 ** 20);

    expect(cleanText(text, { maxCharacters: 100 })).toBe(text.slice(0, 100));
  });

  test.each([
    ['combining marks', '\u0301\u0316', '\u0316'.repeat(15) + '\u0301'.repeat(15)],
    ['escaped ampersands', 'amp;', 'amp;'.repeat(2048)],
  ])('a run of a megabyte of %s does not overflow', (_, part, cleaned) => {
    expect(cleanText(part.repeat(2 ** 20 / part.length))).toBe(cleaned);
  });
});

describe('properties', () => {
  const anyText = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 });
  const markup = fc
    .array(fc.constantFrom('<b>', '<', '>', '&', 'amp;', 'lt;', '<!--', '-->', ' ', 'x', '\u200b'))
    .map((parts) => parts.join(''));

  test('a cleaned text is NFC, trimmed, and has single spaces and nothing invisible', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, markup), fc.integer({ min: 2, max: 50 }), (text, limit) => {
        const cleaned = cleanText(`${text} .`.replace(/</g, '< '), { maxCharacters: limit });

        expect(cleaned.length).toBeLessThanOrEqual(limit);
        expect(cleaned).toBe(cleaned.normalize('NFC'));
        expect(cleaned).not.toMatch(/^\s|\s$|\s\s|[\t-\r]/);
        expect(cleaned).not.toMatch(/[\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}]/u);
      }),
      { numRuns: 500 },
    );
  });

  test('a plain text stays as it is', () => {
    const words = fc.array(fc.stringMatching(/^[a-z0-9.,!?%()]+$/), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(words, (list) => {
        expect(cleanText(list.join(' '))).toBe(list.join(' '));
      }),
    );
  });
});

describe('bad input', () => {
  test.each(['', '  \n', '<p> </p>', '\u200b\u0000', '&nbsp;', '<!-- x -->', '\ufffd'])(
    'nothing is left of %j',
    (text) => {
      expect(() => cleanText(text)).toThrow(UnusableInput);
      expect(() => cleanText(text)).toThrow(expect.objectContaining({ reason: 'empty' }));
    },
  );

  test.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [7, 'number'],
    [['a'], 'an array'],
    [{}, 'object'],
  ])('%j is not a text', (value, kind) => {
    expect(() => cleanText(value as unknown as string)).toThrow(
      expect.objectContaining({ reason: 'unsupported', message: `Expected a text, got ${kind}.` }),
    );
  });

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'rejects maxCharacters %d',
    (maxCharacters) => {
      expect(() => cleanText('text', { maxCharacters })).toThrow(RangeError);
    },
  );
});

import { hashedNgrams, type SparseVector } from '@rodpo/features/text';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { golden } from './golden.ts';

const total = ({ values }: SparseVector) => values.reduce((sum, value) => sum + value, 0);

test('counts in columns by the hash of each n-gram', () => {
  // MurmurHash3_x86_32 with seed 0 of "hello" is 0x248bfa47 = 613153351 > 0, so +1 in column
  // 613153351 mod 1000 = 351; twice, for it occurs twice. Words of one letter are left out.
  const counts = hashedNgrams('Hello, x HELLO!', {
    words: [1, 1],
    characters: null,
    featureCount: 1000,
  });

  expect(counts).toEqual({ indices: Int32Array.of(351), values: Float32Array.of(2) });
});

test.each(golden.hashed)(
  'has the columns and counts of HashingVectorizer: $kind $range in $featureCount columns',
  ({ kind, range, featureCount, rows }) => {
    const firstColumn = kind === 'words' ? 0 : featureCount;
    const none = { words: null, characters: null };

    const counted = golden.texts.map((text) =>
      hashedNgrams(text, { ...none, [kind]: range, featureCount }),
    );

    expect(
      counted.map(({ indices, values }) => ({
        indices: [...indices].map((column) => column - firstColumn),
        values: [...values],
      })),
    ).toEqual(rows);
  },
);

test('puts character n-grams in columns after those of words', () => {
  const text = golden.texts[0]!;
  const words = hashedNgrams(text, { characters: null });
  const characters = hashedNgrams(text, { words: null });
  const both = hashedNgrams(text);

  expect([...both.indices]).toEqual([...words.indices, ...characters.indices]);
  expect([...both.values]).toEqual([...words.values, ...characters.values]);
  expect(words.indices.at(-1)).toBeLessThan(2 ** 18);
  expect(characters.indices[0]).toBeGreaterThanOrEqual(2 ** 18);
});

test('columns ascend, are used once, and never hold 0', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.integer({ min: 1, max: 40 }),
      (text, featureCount) => {
        const { indices, values } = hashedNgrams(text, { featureCount });

        expect([...indices]).toEqual([...new Set(indices)].sort((a, b) => a - b));
        expect([...values].every((value) => Number.isInteger(value) && value !== 0)).toBe(true);
        expect([...indices].every((column) => column < 2 * featureCount)).toBe(true);
      },
    ),
  );
});

test('n-grams that share a column cancel on average', () => {
  const text = Array.from({ length: 4000 }, (_, number) => `word${number}`).join(' ');
  const counts = hashedNgrams(text, { words: [1, 1], characters: null, featureCount: 1 });

  // A sum of 4000 signs: standard deviation √4000 = 63; four of them.
  expect(Math.abs(total(counts))).toBeLessThan(253);
});

test('a text without words or characters has no entries', () => {
  expect(hashedNgrams('  ')).toEqual({ indices: new Int32Array(), values: new Float32Array() });
});

test('white space is what Python calls so', () => {
  const joined = (text: string) => hashedNgrams(text, { words: null });
  const spaces =
    '\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000';

  // "".join(c for c in map(chr, range(0x110000)) if c.isspace()), but for \u2001 to \u2009
  for (const space of spaces) expect(joined(`red${space}hat`)).toEqual(joined('red hat'));
  expect(joined('red\ufeffhat')).not.toEqual(joined('red hat'));
});

test('letters alone by the megabyte are one word', () => {
  // Ten million letters overflow the engine's stack in a match of one greedy run.
  const counts = hashedNgrams('あ'.repeat(1e7), { characters: null });

  expect(total(counts) ** 2).toBe(1);
});

test.each([
  { featureCount: 0 },
  { featureCount: 1.5 },
  { featureCount: 2 ** 24 + 1 },
  { words: [0, 1] },
  { words: [2, 1] },
  { characters: [1.5, 2] },
  { characters: [3] },
])('rejects %j', (options) => {
  expect(() => hashedNgrams('some text', options as object)).toThrow(RangeError);
});

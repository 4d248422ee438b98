import { readInter, readSequences } from '@rodpo/data';
import { expect, test } from 'vitest';
import { temporaryFile } from './temporary-file.ts';

/** White space and separators of Unicode that are no part of either format. */
const inside = [
  ['a no-break space', '\u00a0'],
  ['a next line', '\u0085'],
  ['a line separator', '\u2028'],
  ['a paragraph separator', '\u2029'],
  ['an ideographic space', '\u3000'],
  ['a byte order mark', '\ufeff'],
  ['a vertical tab', '\v'],
  ['a form feed', '\f'],
  ['a NUL', '\0'],
] as const;

test.each(inside)('%s belongs to an id, at its edges and within', async (_name, character) => {
  const ids = [`${character}a`, `a${character}`, `a${character}b`, 'a', 'b'];
  const sequences = await readSequences(temporaryFile(`u${character} ${ids.join(' ')}\nu b\n`));
  const header = 'user_id:token\titem_id:token\n';
  const rows = ids.map((id) => `u${character}\t${id}\n`);
  const inter = await readInter(temporaryFile(`${header}${rows.join('')}u\tb\n`));

  for (const dataset of [sequences, inter]) {
    expect(dataset.userIds).toEqual([`u${character}`, 'u']);
    expect(dataset.itemIds).toEqual(ids);
    expect(dataset.sequences).toEqual([Int32Array.of(0, 1, 2, 3, 4), Int32Array.of(4)]);
  }
});

test('a line of nothing but such a character is no blank line', async () => {
  const dataset = await readSequences(temporaryFile('\u00a0 a\n \t \n\u2028 b\n'));

  expect(dataset.userIds).toEqual(['\u00a0', '\u2028']);
});

test('spaces around an id of a column are part of it', async () => {
  const header = 'user_id:token\titem_id:token\n';
  const { itemIds } = await readInter(temporaryFile(`${header}u\t7 \nu\t 7\nu\t7\nu\t07\n`));

  expect(itemIds).toEqual(['7 ', ' 7', '7', '07']);
});

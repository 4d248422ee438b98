import { readTable } from '@rodpo/data';
import { seededRandom } from '@rodpo/random';
import { expect, test } from 'vitest';
import { TextVector } from '../../src/tables/text-vector.ts';
import { temporaryFile } from '../temporary-file.ts';

/** DuckDB keeps texts of up to 12 bytes in place and longer ones elsewhere; characters have 1 to 4 bytes. */
const characters = ['a', 'é', '漢', '😀'];
const lengths = [1, 3, 11, 12, 13, 14, 40, 300];

/** As a table: of several chunks, with ids that come again. */
function texts(): string[] {
  const random = seededRandom(5);
  const draw = (count: number) => Math.floor(random() * count);
  return Array.from({ length: 9000 }, () => {
    const character = characters[draw(characters.length)]!;
    return `${draw(3000)}${character.repeat(lengths[draw(lengths.length)]!)}`;
  });
}

test('ids of all lengths and scripts come out as they went in, some rows left out', async () => {
  const items = texts();
  const row = (id: string, index: number) => ({ user: `${id}!`, item: id, rating: index % 3 });
  const path = temporaryFile(
    items.map((id, index) => `${JSON.stringify(row(id, index))}\n`).join(''),
  );
  const columns = { user: 'user', item: 'item', rating: 'rating' };

  const { dataset } = await readTable(path, { columns, minRating: 1, format: 'json-lines' });

  const kept = [...new Set(items.filter((_, index) => index % 3 > 0))];
  expect(dataset.itemIds).toEqual(kept);
  expect(dataset.userIds).toEqual(kept.map((id) => `${id}!`));
});

test('of a vector whose memory is not to be seen, each text is asked for', () => {
  const bytes = texts().map((text) => new TextEncoder().encode(text));
  const vector = { getItemBytes: (row: number) => bytes[row] };

  const read = new TextVector(vector as never);

  expect([0, 7, 8999].map((row) => read.at(row))).toEqual([0, 7, 8999].map((row) => texts()[row]));
});

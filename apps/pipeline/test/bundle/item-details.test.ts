import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type DetailColumns, itemDetails } from '../../src/bundle/item-details.ts';
import { parseConfig } from '../../src/config/config.ts';
import type { Run } from '../../src/run/run.ts';

async function details(
  file: string,
  lines: readonly string[],
  { catalogue, columns = {} }: { catalogue: object; columns?: DetailColumns },
) {
  const path = join(await mkdtemp(join(tmpdir(), 'rodpo-')), file);
  await writeFile(path, `${lines.join('\n')}\n`);
  const data = { source: 'sequences', path: 'unused.txt' };
  const config = parseConfig({ data, catalogue: { ...catalogue, path } }, 'the test');
  return Object.fromEntries(await itemDetails({ config } as Run, ['1', '02', 'b'], columns));
}

test('of a table, titles and addresses as the config names them, attributes as asked', async () => {
  const lines = [
    '{"sku": "1", "name": " red shoe ", "more": "x", "pics": ["https://a/1.png"], "price": 3.5, "tags": ["a"]}',
    '{"sku": "02", "price": null}',
    '{"sku": "other", "name": "no one asked"}',
  ];
  const catalogue = { id: 'sku', text: ['name', 'more'], imageUrl: 'pics' };

  expect(await details('items.jsonl', lines, { catalogue })).toEqual({
    1: { title: 'red shoe', image: 'https://a/1.png' },
  });
  const columns = { title: 'more', attributes: ['price', 'tags'] };
  expect(await details('items.jsonl', lines, { catalogue, columns })).toEqual({
    1: { title: 'x', image: 'https://a/1.png', attributes: { price: 3.5, tags: ['a'] } },
    '02': { attributes: { price: null } },
  });
});

test('of a table of text, attributes are texts, and an unknown column is told', async () => {
  const lines = ['id\tname\tcolour', '1\tshoe\tred', '02\t\tblue'];
  const columns = { attributes: ['colour'] };
  const catalogue = { id: 'id', text: ['name'] };

  expect(await details('items.tsv', lines, { catalogue, columns })).toEqual({
    1: { title: 'shoe', attributes: { colour: 'red' } },
    '02': { attributes: { colour: 'blue' } },
  });
  const wrong = details('items.tsv', lines, { catalogue, columns: { attributes: ['color'] } });
  await expect(wrong).rejects.toThrow(/has no column "color" in any/);
});

test('of a published catalogue, all that it has', async () => {
  const lines = ['1::Toy Story (1995)::Animation|Comedy', '3::Jumanji (1995)::Adventure'];
  const catalogue = { published: 'movielens-1m' };

  expect(await details('movies.dat', lines, { catalogue })).toEqual({
    1: { title: 'Toy Story (1995)', attributes: { categories: ['Animation', 'Comedy'] } },
  });
});

test('interactions alone say nothing of their items', async () => {
  const data = { source: 'sequences', path: 'unused.txt' };
  const config = parseConfig({ data }, 'the test');

  expect(await itemDetails({ config } as Run, ['1'], {})).toEqual(new Map());
});

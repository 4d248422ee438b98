import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ItemTableError, type ItemTableOptions, itemTable } from '@rodpo/features';
import { TextFormatError } from '@rodpo/files';
import { hasRealData, realData } from '@rodpo/testing/data';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../store/temporary-folder.ts';

function tableFile(text: string | Buffer, name = 'items.tsv'): string {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, text);
  return file;
}

async function allItems(text: string | Buffer, options: Partial<ItemTableOptions> = {}, name = '') {
  const file = tableFile(text, name || 'items.tsv');
  const source = await itemTable(file, { id: 'id', input: 'title', ...options });
  return source.read(0, source.itemCount);
}

test('rows become items: quotation marks are letters, empty values no input', async () => {
  const text = 'id\ttitle\tprice\r\n7\t 12" "Vinyl", ä \t3\n\n8\t\t4\r\n9\t \t5\nten\tlast\t6';

  expect(await allItems(text)).toEqual([
    { id: '7', input: '12" "Vinyl", ä' },
    { id: '8', input: undefined },
    { id: '9', input: undefined },
    { id: 'ten', input: 'last' },
  ]);
});

test('columns are joined, those that are empty left out', async () => {
  const text = 'id,title,brand\n1,Soap,Acme\n2,,Acme\n3,Soap,\n4,,\n';
  const items = await allItems(text, {
    ...{ input: ['title', 'brand'], separator: '. ', delimiter: ',' },
  });

  expect(items.map(({ input }) => input)).toEqual(['Soap. Acme', 'Acme', 'Soap', undefined]);
});

test('an input can be made of a row by a function', async () => {
  const items = await allItems('id\ttitle\n1\tsoap\n2\tx\n', {
    input: ({ id, title }) => (title === 'x' ? undefined : `${title} no. ${id}`),
  });

  expect(items.map(({ input }) => input)).toEqual(['soap no. 1', undefined]);
});

test('paths start in the folder, unless they are absolute or addresses', async () => {
  const items = await allItems(
    'id\ttitle\n1\ta/b.jpg\n2\t/c.jpg\n3\thttps://example.com/d.jpg\n4\t\n5\t../e.jpg\n',
    { folder: 'pictures', outside: true },
  );

  expect(items.map(({ input }) => input)).toEqual([
    join('pictures', 'a', 'b.jpg'),
    '/c.jpg',
    'https://example.com/d.jpg',
    undefined,
    'e.jpg',
  ]);
});

test('lines of JSON: numbers, lists, and names that some lines lack', async () => {
  const lines = [
    { id: 1, title: 'one', tags: ['a', 'b'] },
    { id: '2', title: 'two' },
    { id: 'three', tags: ['c', 4, null], title: null },
    { id: 4, title: '', tags: [] },
    { id: 5, title: false },
  ];
  const text = lines.map((line) => JSON.stringify(line)).join('\n');
  const input = ['title', 'tags'];

  expect(await allItems(text, { input }, 'items.jsonl')).toEqual([
    { id: '1', input: 'one a b' },
    { id: '2', input: 'two' },
    { id: 'three', input: 'c 4' },
    { id: '4', input: undefined },
    { id: '5', input: 'false' },
  ]);
  expect(await allItems(text, { input, format: 'jsonLines' }, 'items.txt')).toHaveLength(5);
});

test('a byte order mark is no part of the first column’s name', async () => {
  expect(await allItems('\uFEFFid\ttitle\n1\ta\n')).toEqual([{ id: '1', input: 'a' }]);
  expect(await allItems('\uFEFF{"id":1,"title":"a"}', {}, 'a.jsonl')).toHaveLength(1);
});

test('a header alone is an empty catalogue', async () => {
  expect(await allItems('id\ttitle\n')).toEqual([]);
  expect(await allItems('', {}, 'items.jsonl')).toEqual([]);
});

test('any stretch of a long table is what a straightforward reading gives', async () => {
  const anyTitle = fc.constantFrom('', 'a', 'Größe ✓', 'x'.repeat(300));
  const anyEnd = fc.constantFrom('\n', '\r\n', '\n\n', '\n\r\n');
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(anyTitle, anyEnd), { minLength: 500, maxLength: 1200 }),
      fc.array(fc.tuple(fc.nat(1300), fc.nat(1300)), { minLength: 1, maxLength: 12 }),
      fc.boolean(),
      async (rows, stretches, isEnded) => {
        const body = rows.map(([title, end], index) => `i${index}\t${title}${end}`).join('');
        const text = `id\ttitle\n${isEnded ? body : body.trimEnd()}`;
        const last = rows.at(-1)![0];
        fc.pre(isEnded || last !== ''); // or the last tabulator is gone
        const source = await itemTable(tableFile(text), { id: 'id', input: 'title' });
        const expected = rows.map(([title], index) => ({
          ...{ id: `i${index}`, input: title === '' ? undefined : title },
        }));

        expect(source.itemCount).toBe(rows.length);
        for (const [a, b] of stretches) {
          const [start, end] = [Math.min(a, b), Math.max(a, b)];
          expect(await source.read(start, end)).toEqual(expected.slice(start, end));
        }
      },
    ),
    { numRuns: 15 },
  );
});

test('lines that reach across the pieces in which a file is read stay whole', async () => {
  // 600 lines of about 4 kB: more than two of the pieces of 1 MiB.
  const titles = Array.from({ length: 600 }, (_, index) => `${index}ä`.repeat(900));
  const text = `id\ttitle\n${titles.map((title, index) => `${index}\t${title}\n`).join('')}`;
  const source = await itemTable(tableFile(text), { id: 'id', input: 'title' });
  const read = async (start: number, end: number) =>
    (await source.read(start, end)).map(({ input }) => input);

  expect(await read(0, 600)).toEqual(titles);
  expect(await read(512, 580)).toEqual(titles.slice(512, 580));
});

test('what is not UTF-8 is refused, with its line', async () => {
  const latin = Buffer.from('id\ttitle\n1\tGr\xf6\xdfe\n', 'latin1');

  await expect(allItems(latin, {})).rejects.toThrow(TextFormatError);
  await expect(allItems(latin, {})).rejects.toThrow(/:2: expected text in UTF-8/);
});

test.each<[string, object, string]>([
  ['a misspelt kind', { kind: 'images' }, 'kind must be one of "text", "image", got "images"'],
  [
    'a misspelt format',
    { format: 'json' },
    'format must be one of "delimited", "jsonLines", got "json"',
  ],
  [
    'a folder of texts',
    { kind: 'text', folder: 'pics' },
    "A folder is for paths, got it with kind: 'text'",
  ],
  ['nothing to divide by', { delimiter: '' }, 'The delimiter must be a character or more, got ""'],
])('%s is refused', async (_, options, says) => {
  const run = allItems('id\ttitle\n1\tsoap\n', options);

  await expect(run).rejects.toThrow(says);
  await expect(run).rejects.toThrow(RangeError);
});

describe('bad tables', () => {
  test.each([
    ['a missing column', 'id\tname\n1\ta\n', {}, /:1: there is no column "title".*"id", "name"/],
    ['no id column', 'key\ttitle\n1\ta\n', {}, /no column "id"; there are "key", "title"/],
    ['a column twice', 'id\ttitle\ttitle\n', {}, /:1: column "title" occurs twice/],
    ['a value too few', 'id\ttitle\n\n1\ta\n2\n', {}, /:4: expected 2 columns.*got 1/],
    ['a value too many', 'id\ttitle\n1\ta\tb\n', {}, /:2: expected 2 columns.*got 3/],
    ['an id twice', 'id\ttitle\n1\ta\n2\tb\n1\tc\n', {}, /:4: id "1" was given in line 2/],
    ['an empty id', 'id\ttitle\n \ta\n', {}, /:2: expected an id in column "id"/],
    ['nothing in it', '', {}, /expected a header line, got an empty file/],
  ])('%s', async (_, text, options, says) => {
    await expect(allItems(text, options)).rejects.toThrow(ItemTableError);
    await expect(allItems(text, options)).rejects.toThrow(says);
  });

  test.each([
    ['no JSON', '{"id":1,"title":"a"}\n{"id":2', /:2: expected a JSON object/],
    ['no object', '[1]\n', /:1: expected a JSON object/],
    ['no id', '{"id":1,"title":"a"}\n{"title":"b"}\n', /:2: expected an id in column "id"/],
    ['an id that is none', '{"id":true,"title":"a"}', /:1: expected an id/],
    ['a name that no line has', '{"id":1}\n{"id":2,"Title":"b"}\n', /no line has "title"/],
    ['an object for text', '{"id":1,"title":{"en":"a"}}', /:1: expected text.*got an object/],
  ])('lines of JSON with %s', async (_, text, says) => {
    await expect(allItems(text, {}, 'items.jsonl')).rejects.toThrow(ItemTableError);
    await expect(allItems(text, {}, 'items.jsonl')).rejects.toThrow(says);
  });

  test('a file that is not there', async () => {
    const file = join(temporaryFolder(), 'absent.tsv');
    const read = itemTable(file, { id: 'id', input: 'title' });

    await expect(read).rejects.toThrow(/absent.tsv: the file cannot be opened/);
    await expect(read).rejects.toMatchObject({ file, line: undefined });
  });

  test('a file that is changed while it is in use', async () => {
    const file = tableFile('id\ttitle\n1\ta\n');
    const source = await itemTable(file, { id: 'id', input: 'title' });
    writeFileSync(file, 'id\ttitle\n1\tb\n');
    utimesSync(file, 1, 1);

    await expect(source.read(0, 1)).rejects.toThrow(/was changed while it was in use/);
  });
});

describe.each([
  { path: 'amazon-beauty/items.tsv', id: 'item_id', input: 'title', count: 12_101 },
  { path: 'movielens-100k/posters.tsv', id: 'ml100k_id', input: 'poster', count: 1420 },
])('$path', ({ path, id, input, count }) => {
  test.skipIf(!hasRealData(path))('reads as a straightforward reading does', async () => {
    const source = await itemTable(realData(path), { id, input });
    const [header, ...rows] = readFileSync(realData(path), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'));
    const [idColumn, inputColumn] = [header!.indexOf(id), header!.indexOf(input)];
    const expected = rows.map((row) => ({
      ...{ id: row[idColumn]!, input: row[inputColumn]!.trim() || undefined },
    }));

    expect(source.itemCount).toBe(count);
    expect(await source.read(700, 1300)).toEqual(expected.slice(700, 1300));
    expect(await source.read(0, count)).toEqual(expected);
  });
});

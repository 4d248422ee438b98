import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { extract, type ItemTableOptions, itemTable, type Json, openStore } from '@rodpo/features';
import { downloadedImages, downloadImages } from '@rodpo/features/download';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../store/temporary-folder.ts';
import { fakeEmbedder } from './fake-embedder.ts';

async function tableOf(values: readonly (Json | undefined)[], options: Partial<ItemTableOptions>) {
  const file = join(temporaryFolder(), 'items.jsonl');
  const lines = values.map((value, row) => JSON.stringify({ id: `i${row}`, pictures: value }));
  writeFileSync(file, `${lines.join('\n')}\n{"id":"last","pictures":"last.jpg"}\n`);
  return itemTable(file, { id: 'id', input: 'pictures', ...options });
}

async function inputOf(value: Json, options: Partial<ItemTableOptions> = { kind: 'image' }) {
  const [item] = await (await tableOf([value], options)).read(0, 1);
  return item!.input;
}

const version = (name: string) => ({
  thumb: `https://example.org/${name}-thumb.jpg`,
  variant: 'MAIN',
  large: `https://example.org/${name}-large.jpg`,
});

describe('a column of images', () => {
  test.each<[string, Json, string | undefined]>([
    ['a path', ' a.jpg ', 'a.jpg'],
    ['a path with spaces within', 'my cat.jpg', 'my cat.jpg'],
    ['a list of paths', ['a.jpg', 'b.jpg'], 'a.jpg'],
    ['a list that begins with nothing', [null, '', 'b.jpg'], 'b.jpg'],
    ['a list of lists', [[], ['b.jpg']], 'b.jpg'],
    ['objects: the first one, at its largest', [version('x'), version('y')], version('x').large],
    ['objects with a high resolution', [{ ...version('x'), hi_res: 'h.jpg' }], 'h.jpg'],
    ['objects without one', [{ ...version('x'), hi_res: null }], version('x').large],
    ['an object', version('x'), version('x').large],
    ['an object of lists', { hi_res: [null, 'b'], large: ['a', 'c'], thumb: ['d', 'e'] }, 'a'],
    ['nothing', null, undefined],
    ['an empty list', [], undefined],
    ['an object without an image', { variant: 'MAIN' }, undefined],
    ['numbers', [7], undefined],
    ['a member of every object', { toString: 1 }, undefined],
  ])('%s', async (_name, value, input) => {
    expect(await inputOf(value)).toBe(input);
  });

  test('a deep nest is no image, and no end of the program', async () => {
    const file = join(temporaryFolder(), 'items.jsonl');
    const nest = `${'['.repeat(100_000)}"a.jpg"${']'.repeat(100_000)}`;
    writeFileSync(file, `{"id":"a","pictures":${nest}}\n`);

    const table = await itemTable(file, { id: 'id', input: 'pictures', kind: 'image' });
    expect((await table.read(0, 1))[0]).toMatchObject({ problem: { reason: 'missing' } });
    const texts = await itemTable(file, { id: 'id', input: 'pictures', kind: 'text' });
    await expect(texts.read(0, 1)).rejects.toThrow(/nested more than/);
  });

  test('of several columns, the first that has an image', async () => {
    const file = join(temporaryFolder(), 'items.tsv');
    writeFileSync(file, 'id\tlarge\tsmall\n1\tl.jpg\ts.jpg\n2\t\ts.jpg\n');
    const table = await itemTable(file, { id: 'id', input: ['large', 'small'], kind: 'image' });

    expect((await table.read(0, 2)).map(({ input }) => input)).toEqual(['l.jpg', 's.jpg']);
  });

  test('with a folder, columns are of images', async () => {
    expect(await inputOf(['a.jpg', 'b.jpg'], { folder: 'pics' })).toBe(join('pics', 'a.jpg'));
  });

  test('addresses are not joined, whatever is said of the column; texts are', async () => {
    const [a, b] = ['https://example.org/a.jpg', 'https://example.org/b.jpg'];

    expect(await inputOf([a, b], {})).toBe(a);
    expect(await inputOf([version('x')], {})).toBe(version('x').large);
    expect(await inputOf([a, b], { kind: 'text' })).toBe(`${a} ${b}`);
    expect(await inputOf([a, 'a word'], {})).toBe(`${a} a word`);
    expect(await inputOf(['One.', 'Two.'], { separator: ' / ' })).toBe('One. / Two.');
  });
});

test('an item without a usable image is counted, and the others have their vectors', async () => {
  const table = await tableOf([{ variant: 'MAIN' }, [], ['a.jpg']], { kind: 'image' });
  const folder = join(temporaryFolder(), 'store');
  const report = await extract(table, fakeEmbedder(), { folder });

  expect(report).toMatchObject({ embeddedCount: 2, failures: { missing: 2 } });
  const { failures } = await openStore(folder);
  expect(failures[0]!.message).toBe('There is no path or address of an image in "pictures".');
});

describe('paths that lead out of the folder', () => {
  const folder = 'pics';

  test.each(['../secret.jpg', '/etc/passwd', 'a/../../b.jpg', '..', resolve('other', 'a.jpg')])(
    '%s is refused, and is read if that is allowed',
    async (path) => {
      const [item] = await (await tableOf([path], { folder })).read(0, 1);
      expect(item).toMatchObject({ input: undefined, problem: { reason: 'refused' } });
      expect(item!.problem!.message).toMatch(/leads out of the folder/);

      expect(await inputOf(path, { folder, outside: true })).toBe(
        path.startsWith('/') ? path : join(folder, path),
      );
    },
  );

  test.each(['a.jpg', './a.jpg', 'a/../b.jpg', '..a.jpg', '.../a.jpg', resolve('pics', 'a.jpg')])(
    '%s is within',
    async (path) => {
      expect(await inputOf(path, { folder })).toBe(
        path.startsWith('/') ? path : join('pics', path),
      );
    },
  );

  test('are so for what a function makes of a row, too', async () => {
    expect(await inputOf('x', { folder, input: () => '../x.jpg' })).toBeUndefined();
  });

  test('a store and a download record them as refused', async () => {
    const table = await tableOf(['../a.jpg'], { folder });
    const store = join(temporaryFolder(), 'store');

    expect(await extract(table, fakeEmbedder(), { folder: store })).toMatchObject({
      failures: { refused: 1 },
    });
    const downloads = temporaryFolder();
    const { failures } = await downloadImages(table, { folder: downloads });
    expect(failures[0]).toMatchObject({ id: 'i0', reason: 'refused' });
    expect((await downloadedImages(table, downloads).read(0, 1))[0]).toMatchObject({
      input: undefined,
      problem: { reason: 'refused' },
    });
  });
});

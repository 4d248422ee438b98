import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  isPattern,
  listTableFiles,
  literalPattern,
  readTable,
  TableError,
} from '../../src/index.ts';
import { temporaryFolder } from '../temporary-file.ts';

test('lists what a reader reads, in its order, and opens nothing', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'deep'));
  for (const name of ['b.csv', 'a.csv', 'deep/c.csv'])
    writeFileSync(join(folder, name), 'u,i\n1,2\n');
  writeFileSync(join(folder, 'damaged.csv'), Buffer.from([0xff, 0xfe, 0]));
  const paths = [join(folder, 'deep', '*.csv'), join(folder, '[ab].csv'), join(folder, 'a.csv')];
  const files = await listTableFiles(paths);

  expect(files).toEqual(['deep/c.csv', 'a.csv', 'b.csv'].map((name) => join(folder, name)));
  const { report } = await readTable(paths, { columns: { user: 'u', item: 'i' } });
  expect(report.files).toEqual(files);
  expect(await listTableFiles(join(folder, 'damaged.csv'))).toHaveLength(1);
  await expect(listTableFiles(join(folder, 'none*'))).rejects.toThrow(TableError);
});

/** Folders of which the first, taken for a pattern, is the second; one of three rows and one of one. */
const alike = [
  ['br [1]', 'br 1'],
  ['we*rd', 'we-other-rd'],
  ['wh?t', 'what'],
];

test.each(alike)('%j is what a folder is called, and not %j', async (name, other) => {
  const folder = temporaryFolder();
  for (const [own, rows] of [
    [name, 3],
    [other, 1],
  ] as const) {
    mkdirSync(join(folder, own!));
    const lines = Array.from({ length: rows }, (_, row) => `u${row},i\n`);
    writeFileSync(join(folder, own!, 'a.csv'), `u,i\n${lines.join('')}`);
    const objects = Array.from({ length: rows }, (_, row) => `{"u":"u${row}","i":"i"}\n`);
    writeFileSync(join(folder, own!, 'a.jsonl'), objects.join(''));
  }
  const own = join(folder, name!);
  const read = async (path: string, options = {}) => {
    const { dataset, report } = await readTable(path, {
      columns: { user: 'u', item: 'i' },
      ...options,
    });
    expect(report.files).toEqual([join(own, path.endsWith('v') ? 'a.csv' : 'a.jsonl')]);
    expect(dataset.userIds).toHaveLength(3);
  };

  for (const end of ['a.csv', 'a.jsonl']) await read(join(own, end));
  for (const end of ['*.csv', '*.jsonl']) await read(join(literalPattern(own), end));
  await read(join(own, 'a.jsonl'), {
    select: "select json->>'u' as u, json->>'i' as i from source",
  });
});

test('a pattern is told from a path', () => {
  expect(['a/b.csv', 'a/*.csv', 'a?', '[ab]', 'a]'].map(isPattern)).toEqual([
    ...[false, true, true, true, false],
  ]);
  expect(literalPattern('a [b]/c*?')).toBe('a [[]b]/c[*][?]');
});

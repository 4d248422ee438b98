import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listTableFiles, readTable, TableError } from '../../src/index.ts';
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

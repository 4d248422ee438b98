import { appendFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { FileDamagedError, writeSealedJson } from '@rodpo/files';
import { seededRandom } from '@rodpo/random';
import { simulateStorefront } from '@rodpo/simulator';
import { expect, test } from 'vitest';
import { loadProducts, saveProducts } from '../src/features/products.ts';
import { tinyRun } from './tiny-run.ts';

const { products } = simulateStorefront({ userCount: 1, itemCount: 60 }, seededRandom(1));

test('reads back the products that were saved, a line each and one more', async () => {
  const run = await tinyRun();
  await saveProducts(run, products);
  const lines = (await readFile(run.file('data', 'products.jsonl'), 'utf8')).trimEnd().split('\n');

  expect(await loadProducts(run)).toEqual(products);
  expect(lines).toHaveLength(61);
});

test('products that a run folder has in one JSON file are still read', async () => {
  const run = await tinyRun();
  const file = run.file('data', 'products.json');
  await saveProducts(run, products.slice(1)); // makes the folder
  await writeSealedJson(file, { run: run.identity.inputs, products });

  expect(await loadProducts(run)).toEqual(products);
  await writeSealedJson(file, { run: 'another', products });
  await expect(loadProducts(run)).rejects.toThrow(/other settings or data/);
  await writeSealedJson(file, { run: run.identity.inputs });
  await expect(loadProducts(run)).rejects.toThrow(/does not hold products/);
});

test.each([
  [
    'a price is another',
    async (file: string) => {
      const text = await readFile(file, 'utf8');
      await writeFile(file, text.replace('"price":', '"price":1'));
    },
  ],
  [
    'a line is gone',
    async (file: string) => {
      const text = await readFile(file, 'utf8');
      await writeFile(file, text.slice(text.indexOf('\n') + 1));
    },
  ],
  ['the last line is torn', (file: string) => appendFile(file, '{"id"')],
  ['there is nothing in it', (file: string) => writeFile(file, '')],
  ['it is gone', (file: string) => rm(file)],
])('where %s, the file is called damaged', async (_, damage) => {
  const run = await tinyRun();
  await saveProducts(run, products);
  await damage(run.file('data', 'products.jsonl'));

  await expect(loadProducts(run)).rejects.toThrow(FileDamagedError);
  await expect(loadProducts(run)).rejects.toThrow(/delete the folder 'data'/);
});

test('products of another run are refused', async () => {
  const [run, other] = [await tinyRun(), await tinyRun({ data: { userCount: 201 } })];
  for (const one of [run, other]) await saveProducts(one, products);
  await rename(other.file('data', 'products.jsonl'), run.file('data', 'products.jsonl'));

  await expect(loadProducts(run)).rejects.toThrow(/other settings or data/);
});

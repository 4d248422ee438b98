import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@rodpo/random';
import { simulateStorefront } from '@rodpo/simulator';
import { writeImages } from '@rodpo/simulator/images';
import sharp from 'sharp';
import { test as base, expect } from 'vitest';

const test = base.extend<{ folder: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixture's needs from the pattern
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'simulator-'));
    await use(folder);
    await rm(folder, { recursive: true });
  },
});

const options = { userCount: 1, itemCount: 60 };
const products = simulateStorefront(options, seededRandom(8)).products.slice(0, 6);
const fileNames = products.map(({ id }) => `${id}.png`);

test('writes a picture of the asked size for every product, and nothing else', async ({
  folder,
}) => {
  const nested = join(folder, 'a', 'b');
  const progress: string[] = [];
  const onProgress = (done: number, total: number) => progress.push(`${done}/${total}`);

  await writeImages(products, nested, { size: 40, onProgress });

  expect((await readdir(nested)).sort()).toEqual(fileNames);
  expect(progress).toEqual(['1/6', '2/6', '3/6', '4/6', '5/6', '6/6']);
  for (const name of fileNames) {
    const { width, height, format } = await sharp(join(nested, name)).metadata();
    expect({ width, height, format }).toEqual({ width: 40, height: 40, format: 'png' });
    const { channels } = await sharp(join(nested, name)).stats();
    expect(Math.max(...channels.map(({ stdev }) => stdev))).toBeGreaterThan(10); // not blank
  }
});

test('draws 96 pixels by default', async ({ folder }) => {
  await writeImages(products.slice(0, 1), folder);

  expect(await sharp(join(folder, fileNames[0]!)).metadata()).toMatchObject({ width: 96 });
});

test('keeps what is there and makes what is missing', async ({ folder }) => {
  const [first, second] = fileNames.map((name) => join(folder, name));
  await writeFile(first!, 'mine');
  await writeFile(`${second}.tmp`, 'cut short');

  await writeImages(products, folder, { size: 16 });

  expect(await readFile(first!, 'utf8')).toBe('mine');
  expect((await stat(second!)).size).toBeGreaterThan(100);
});

test('the same picture comes out at any concurrency', async ({ folder }) => {
  await writeImages(products, join(folder, 'one'), { size: 16, concurrency: 1 });
  await writeImages(products, join(folder, 'many'), { size: 16, concurrency: 50 });

  for (const name of fileNames) {
    expect(await readFile(join(folder, 'one', name))).toEqual(
      await readFile(join(folder, 'many', name)),
    );
  }
});

test.each([{ size: 0 }, { size: 1.5 }, { concurrency: 0 }])('refuses %o', async (bad) => {
  await expect(writeImages(products, 'unused', bad)).rejects.toThrow(/must be a positive integer/);
});

test('refuses ids that would leave the folder', async () => {
  const strayed = [{ ...products[0]!, id: '../elsewhere' }];

  await expect(writeImages(strayed, 'unused')).rejects.toThrow('got "../elsewhere"');
});

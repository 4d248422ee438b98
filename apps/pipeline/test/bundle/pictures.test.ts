import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openBundle } from '@rodpo/serving';
import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import { rodpo } from '../rodpo.ts';
import { tinyConfig } from '../tiny-run.ts';

let folder: string;
/** Of a storefront whose pictures are drawn, or not. */
async function runOf(images: boolean): Promise<string> {
  const { output, ...config } = await tinyConfig({
    data: { images, itemCount: 60 },
    pretrain: { maxEpochs: 1 },
    align: { maxEpochs: 1, strategies: [{ name: 'uniform', negatives: { from: 'catalogue' } }] },
  });
  const file = join(await mkdtemp(join(tmpdir(), 'rodpo-')), 'config.json');
  await writeFile(file, JSON.stringify({ ...config, output }));
  await rodpo('run', '-c', file);
  return output;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rodpo-'));
});

test('a site has small copies of the pictures of a catalogue, as far as they can be read', async () => {
  const run = await runOf(true);
  await writeFile(join(run, 'data', 'images', 'P0003.png'), 'no picture');
  const site = join(folder, 'site');
  const said = await rodpo('export', '--run', run, '--site', site, '--pictures');
  const bundle = await openBundle(join(site, 'bundles', 'pretrained'));
  await bundle.dispose();

  expect(said).toContain('59 of 60 items have a picture');
  expect(bundle.item('P0003')!.image).toBeUndefined();
  const address = bundle.item('P0007')!.image!;
  expect(address).toMatch(/^pictures\/\d+\.webp$/);
  const small = await readFile(new URL(address, `${pathToFileURL(site)}/`));
  const { width, height, format } = await sharp(small).metadata();
  expect({ format, side: Math.max(width, height) }).toEqual({ format: 'webp', side: 96 });
  // It is that item's: nearest to its own picture, of all.
  const pixels = (from: Buffer | string) => sharp(from).resize(8, 8).removeAlpha().raw().toBuffer();
  const own = await pixels(small);
  const distances = await Promise.all(
    bundle.items.map(async ({ id }) => {
      if (id === 'P0003') return Number.POSITIVE_INFINITY;
      const other = await pixels(join(run, 'data', 'images', `${id}.png`));
      return own.reduce((sum, value, at) => sum + (value - other[at]!) ** 2, 0);
    }),
  );
  expect(bundle.items[distances.indexOf(Math.min(...distances))]!.id).toBe('P0007');
});

test('pictures are refused where there are none', async () => {
  const run = await runOf(false);
  const site = join(folder, 'none');

  await expect(rodpo('export', '--run', run, '--site', site, '--pictures')).rejects.toThrow(
    /draws images only with data\.images true/,
  );
  await expect(readFile(join(site, 'index.html'))).rejects.toThrow(/ENOENT/);
  // A model that is not there is told before pictures are looked at.
  await expect(
    rodpo('export', '--run', run, '--strategy', 'hard', '--site', site, '--pictures'),
  ).rejects.toThrow(/has no model "hard"/);
});

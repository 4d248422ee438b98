import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isActionable } from '@rodpo/errors';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { rodpo } from './rodpo.ts';

/** A catalogue of JSON Lines beside a folder with two pictures, and one picture outside of it. */
async function catalogue(rows: readonly object[], settings: object, output = 'run') {
  const folder = await mkdtemp(join(tmpdir(), 'rodpo-'));
  await mkdir(join(folder, 'pics'));
  for (const [name, background] of [
    ['pics/a.png', 'red'],
    ['pics/b.png', 'blue'],
    ['secret.png', 'green'],
  ] as const) {
    await sharp({ create: { width: 32, height: 32, channels: 3, background } })
      .png()
      .toFile(join(folder, name));
  }
  await writeFile(join(folder, 'items.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
  const config = {
    output: join(folder, output),
    data: { source: 'sequences', path: 'unused.txt' },
    catalogue: { path: 'items.jsonl', id: 'id', images: 'pics', ...settings },
    features: { image: { encoder: 'histograms' } },
  };
  const file = join(folder, 'config.json');
  await writeFile(file, JSON.stringify(config));
  const failures = async () =>
    JSON.parse(await readFile(join(folder, output, 'features', 'image', 'manifest.json'), 'utf8'))
      .failures;
  return { file, failures };
}

test('of a list of images, the first is the item’s', async () => {
  const rows = [
    { id: 1, files: ['a.png', 'b.png'] },
    { id: 2, files: [] },
    { id: 3, files: [{}] },
  ];
  const { file } = await catalogue(rows, { image: 'files' });

  expect(await rodpo('extract', '-c', file)).toMatch(/image: 1 vectors .*without: 2 missing/);
});

test('paths that lead out of the folder are refused, unless the config allows them', async () => {
  const rows = [
    { id: 1, file: 'a.png' },
    { id: 2, file: '../secret.png' },
    { id: 3, file: '/etc/passwd' },
  ];
  const { file, failures } = await catalogue(rows, { image: 'file' });
  expect(await rodpo('extract', '-c', file)).toMatch(/image: 1 vectors .*without: 2 refused/);
  expect((await failures())[0].message).toMatch(/"\.\.\/secret\.png" leads out of the folder/);

  const allowed = await catalogue(rows, { image: 'file', imagesOutside: true });
  expect(await rodpo('extract', '-c', allowed.file)).toMatch(/image: 2 vectors .*1 unsupported/);
});

test('a download of which nothing came is an error that a person can act on', async () => {
  const refused = { large: 'http://127.0.0.1/a.jpg', thumb: 'http://127.0.0.1/t.jpg' };
  const rows = [
    { id: 1, images: [refused] },
    { id: 2, images: [] },
  ];
  const { file } = await catalogue(rows, { imageUrl: 'images' });
  const download = rodpo('download', '-c', file);

  await expect(download).rejects.toThrow(/None of 2 images could be had/);
  await expect(download.catch(isActionable)).resolves.toBe(true);
});

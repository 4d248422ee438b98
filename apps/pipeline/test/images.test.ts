import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isActionable } from '@rodpo/errors';
import { sha256Of } from '@rodpo/files';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { ConfigError } from '../src/config/config.ts';
import { downloadFolder } from '../src/features/catalogue.ts';
import { openRun } from '../src/run/run.ts';
import { download } from '../src/stages/download.ts';
import { recordingReporter } from './recorded.ts';
import { rodpo } from './rodpo.ts';
import { tinyConfig } from './tiny-run.ts';

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
  const failing = rodpo('download', '-c', file);

  await expect(failing).rejects.toThrow(/None of 2 images could be had/);
  await expect(failing.catch(isActionable)).resolves.toBe(true);
});

const there = (item: number) => `https://images.example/${item}.png`;
/** No address of a catalogue may lead into a network of its reader. */
const refused = (item: number) => `http://127.0.0.1/${item}.png`;

/** A run over a catalogue of these addresses; those of `there` have been downloaded before. */
async function catalogueRun(addresses: readonly string[]) {
  const path = join(await mkdtemp(join(tmpdir(), 'rodpo-')), 'items.jsonl');
  const rows = addresses.map((url, id) => JSON.stringify({ id, url }));
  await writeFile(path, rows.join('\n'));
  const { reporter, said, bars } = recordingReporter();
  const catalogue = { path, id: 'id', imageUrl: 'url' };
  const run = await openRun(await tinyConfig({ catalogue }), reporter);
  for (const url of addresses.filter((address) => address.startsWith('https'))) {
    const digest = sha256Of(url);
    const file = join(downloadFolder(run), digest.slice(0, 2), `${digest}.png`);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, 'a picture');
  }
  return { run, said, bars };
}

test('what is there is not asked for again, and what fails is told item by item', async () => {
  const { run, said, bars } = await catalogueRun([there(0), refused(1), there(2)]);
  await download(run);

  expect(said).toEqual([
    'downloaded 0 images, 2 were there, 1 failed',
    expect.stringMatching(/^"1": refused: .*127\.0\.0\.1/),
  ]);
  expect(bars).toEqual([
    { title: 'downloading images', total: 3, unit: 'images', moves: [[1], [1], [1]] },
  ]);
});

test.each([
  [10, []],
  [11, ['… and 1 more']],
])('of %d failures the first ten are shown', async (count, more) => {
  const failing = Array.from({ length: count }, (_, item) => refused(item));
  const { run, said } = await catalogueRun([...failing, there(count)]);
  await download(run);

  expect(said.slice(1, 11).map((line) => line.split(':')[0])).toEqual(
    failing.slice(0, 10).map((_, item) => `"${item}"`),
  );
  expect(said.slice(11)).toEqual(more);
});

test('nothing to download is no failure, and nothing but failures is one', async () => {
  const { run: empty, said } = await catalogueRun([]);
  await download(empty);
  expect(said).toEqual(['downloaded 0 images, 0 were there, 0 failed']);

  const { run: failing } = await catalogueRun([refused(0), refused(1)]);
  await expect(download(failing)).rejects.toThrow('None of 2 images could be had');
});

test('without a column of addresses, or a catalogue, it says what is missing', async () => {
  const catalogue = { path: 'items.tsv', id: 'id', image: 'picture' };
  for (const settings of [{ catalogue }, {}]) {
    const run = await openRun(await tinyConfig(settings), recordingReporter().reporter);
    await expect(download(run)).rejects.toThrow(ConfigError);
  }
});

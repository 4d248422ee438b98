import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { sha256Of } from '@rodpo/files';
import { expect, test } from 'vitest';
import { ConfigError } from '../src/config/config.ts';
import { downloadFolder } from '../src/features/catalogue.ts';
import { openRun } from '../src/run/run.ts';
import { download } from '../src/stages/download.ts';
import { recordingReporter } from './recorded.ts';
import { tinyConfig } from './tiny-run.ts';

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

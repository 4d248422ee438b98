import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError, loadConfig, parseConfig } from '../src/config/config.ts';
import { catalogueOf } from '../src/features/catalogue.ts';
import { imageAddresses } from '../src/features/image-addresses.ts';
import { openRun } from '../src/run/run.ts';
import { control } from './check/data-of.ts';
import { rodpo } from './rodpo.ts';
import { silent, tinyRun } from './tiny-run.ts';

/** Lines in the shape of Amazon's 2023 metadata: a title alone, no picture, and an item that is there twice. */
const lines = [
  {
    parent_asin: 'B01',
    title: 'Felt-tip pens',
    categories: ['Office', 'Pens'],
    images: [{ large: 'https://example.org/b01.jpg', hi_res: null }],
  },
  { parent_asin: 'B02', title: 'Ukulele', description: ['Soprano.', 'Mahogany.'], images: [] },
  { parent_asin: 'B01', title: 'Again', images: [] },
];

/** A folder with the metadata, interactions of two users, and a config that names both. */
async function folderWith(catalogue: object = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rodpo-published-'));
  await writeFile(join(folder, 'meta.jsonl'), lines.map((one) => JSON.stringify(one)).join('\n'));
  await writeFile(join(folder, 'clicks.txt'), 'a B01 B02 B01 B02\nb B02 B01 B02 B01\n');
  const config = {
    output: join(folder, 'run'),
    data: { source: 'sequences', path: 'clicks.txt' },
    kCore: { minUserInteractions: 1, minItemInteractions: 1 },
    catalogue: { published: 'amazon-2023', path: 'meta.jsonl', ...catalogue },
    features: { text: { encoder: 'tfidf', dimension: 2 } },
    encoder: { streams: ['id', 'text'] },
    align: control,
  };
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  return folder;
}

const read = async (folder: string, modality: 'text' | 'image') => {
  const run = await openRun(await loadConfig(join(folder, 'config.json')), silent);
  const source = await catalogueOf(run, modality);
  return source.read(0, source.itemCount);
};

test('texts are of the fields that are named, in their order, of each item once', async () => {
  expect(await read(await folderWith(), 'text')).toEqual([
    { id: 'B01', input: 'Felt-tip pens. Office, Pens.' },
    { id: 'B02', input: 'Ukulele.' },
  ]);
  const fields = { text: ['description', 'title'] };
  expect(await read(await folderWith(fields), 'text')).toEqual([
    { id: 'B01', input: 'Felt-tip pens.' },
    { id: 'B02', input: 'Soprano.\nMahogany. Ukulele.' },
  ]);
});

test('an item without any of the fields has no text', async () => {
  const [pens] = await read(await folderWith({ text: ['description'] }), 'text');

  expect(pens).toEqual({ id: 'B01', input: undefined });
});

test('pictures are addresses to download, and missing until they are there', async () => {
  const folder = await folderWith();
  const config = await loadConfig(join(folder, 'config.json'));
  const addresses = await imageAddresses(config);

  expect(await addresses!.read(0, 2)).toEqual([
    { id: 'B01', input: 'https://example.org/b01.jpg' },
    { id: 'B02', input: undefined },
  ]);
  // None was downloaded yet.
  expect((await read(folder, 'image')).map(({ id, input }) => [id, input])).toEqual([
    ['B01', undefined],
    ['B02', undefined],
  ]);
});

test('the catalogue is checked, and vectors are made from it', async () => {
  const folder = await folderWith();
  const config = join(folder, 'config.json');

  const said = await rodpo('check', '--config', config, '--json');
  expect(JSON.parse(said).modalities).toMatchObject([{ modality: 'text', matched: 2 }]);
});

test('codes are columns of a table, and a catalogue is one that is known', async () => {
  const codes = { encoder: 'vectors', from: { codes: ['codes'], levels: 2 } };
  const run = await tinyRun({
    catalogue: { published: 'steam', path: 'games.json' },
    features: { text: codes },
  });

  await expect(catalogueOf(run, 'text')).rejects.toThrow(/config names no table/);
  const unknown = { catalogue: { published: 'amazon-2031', path: 'x' } };
  expect(() => parseConfig(unknown, 'x.json')).toThrow(ConfigError);
});

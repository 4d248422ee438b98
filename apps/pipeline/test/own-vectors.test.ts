import { mkdtemp, readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { importVectors, openStore, StoreError, VectorFileError, writeNpy } from '@rodpo/features';
import { expect, test } from 'vitest';
import { checkData } from '../src/check/check-data.ts';
import { ConfigError, loadConfig, parseConfig } from '../src/config/config.ts';
import { rodpo } from './rodpo.ts';
import { isQuick } from './tier.ts';

const ids = Array.from({ length: 12 }, (_, item) => `i${item}`);
/** Two numbers for each item, no two alike. */
const vectors = Float32Array.from({ length: 24 }, (_, place) => place - 7.5);
const codesOf = (item: number) => `vA${item % 3} vB${item % 4}`;

/** Ten users of the twelve items, with a catalogue of codes beside them. */
async function shop(from: object, changes: object = {}, modality = 'text') {
  const folder = await mkdtemp(join(tmpdir(), 'rodpo-'));
  const users = Array.from({ length: 10 }, (_, user) => {
    const items = Array.from({ length: 6 }, (_, place) => `i${(user + place * 5) % 12}`);
    return `u${user} ${items.join(' ')}\n`;
  });
  await writeFile(join(folder, 'data.txt'), users.join(''));
  const rows = ids.map((id, item) => `${id}\t${codesOf(item)}\tta${item % 2}\n`);
  await writeFile(join(folder, 'items.tsv'), `id\tseen\tread\n${rows.join('')}`);
  const file = join(folder, 'config.json');
  const settings = {
    output: join(folder, 'run'),
    data: { source: 'sequences', path: 'data.txt' },
    kCore: { minUserInteractions: 1, minItemInteractions: 1 },
    catalogue: { path: 'items.tsv', id: 'id' },
    features: { [modality]: { encoder: 'vectors', from }, shardSize: 5 },
    encoder: { streams: ['id', modality], maxLength: 8, dimension: 8, blockCount: 1, headCount: 1 },
    batch: { rowLength: 8, rowCount: 8, blockSize: 64 },
    pretrain: { maxEpochs: 1 },
    align: { maxEpochs: 1, strategies: [{ name: 'uniform' }] },
    ...changes,
  };
  await writeFile(file, JSON.stringify(settings));
  const store = () => openStore(join(folder, 'run', 'features', modality));
  return { folder, file, store };
}

const description = { model: 'made elsewhere', revision: '1' };

const writeStore = (folder: string) =>
  importVectors(join(folder, 'vectors'), { description, dimension: 2 }, [{ ids, vectors }]);

async function writeArrays(folder: string, values = vectors): Promise<void> {
  await writeNpy(join(folder, 'vectors.npy'), [12, 2], [values]);
  await writeFile(join(folder, 'ids.txt'), `${ids.join('\n')}\n`);
}

async function writeParquet(folder: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const rows = ids.map((id, item) => `('${id}', [${vectors[2 * item]}, ${vectors[2 * item + 1]}])`);
  await connection.run(
    `copy (select id, v::float[] as vector from (values ${rows.join(', ')}) as t(id, v))
     to '${join(folder, 'vectors.parquet')}' (format parquet)`,
  );
  connection.closeSync();
  instance.closeSync();
}

const files = { npy: 'vectors.npy', ids: 'ids.txt' };

test.each([
  ['a store', { store: 'vectors' }, writeStore, 'image'],
  ['.npy', files, writeArrays, 'text'],
  ['Parquet', { parquet: 'vectors.parquet', id: 'id', vector: 'vector' }, writeParquet, 'image'],
])('own vectors of %s become the run’s store as they are', async (_, from, write, modality) => {
  const { folder, file, store } = await shop(from, {}, modality);
  await write(folder);
  const { modalities } = await checkData(await loadConfig(file));
  const said = await rodpo('extract', '-c', file);

  expect(modalities).toEqual([{ modality, from: 'vectors', matched: 12 }]);
  expect(said).toMatch(new RegExp(`${modality}: 12 vectors of 2 by own vectors`));
  const shuffled = ids.toReversed();
  const read = await (await store()).read(shuffled);
  expect([...read.vectors]).toEqual(
    shuffled.flatMap((id) => [...vectors.subarray(2 * ids.indexOf(id), 2 * ids.indexOf(id) + 2)]),
  );
  expect(await rodpo('extract', '-c', file)).toMatch(/0 shards made, 3 kept/);
});

test('a vector of no numbers is none, for check as for extract', async () => {
  const { folder, file, store } = await shop(files, {}, 'text');
  const broken = vectors.map((number, place) => (place < 6 ? Number.NaN : number));
  await writeArrays(folder, broken);
  const { modalities } = await checkData(await loadConfig(file));
  await rodpo('extract', '-c', file);

  expect(modalities[0]!.matched).toBe(9);
  expect((await store()).presentCount).toBe(9);
});

test('codes become vectors with a 1 at the level of each place', async () => {
  const { file, store } = await shop({ codes: ['seen', 'read'], levels: 4 });
  await rodpo('extract', '-c', file);
  const { dimension, vectors: made } = await (await store()).read(['i5', 'i0']);

  expect(dimension).toBe(12);
  // i5 has vA2, vB1 and ta1; i0 has level 0 of all three.
  expect([...made.subarray(0, 12)]).toEqual([0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0]);
  expect([...made.subarray(12)]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]);
});

test.each([
  ['a level too high', 'vA0 vB4', /number from 0 to 3 at its end, got "vB4"/],
  ['a place too few', 'vA0', /Expected 2 codes as of the items before \("vA vB"\), got "vA0"/],
  ['other places', 'vB0 vA0', /Expected 2 codes as of the items before/],
  ['no number', 'vA0 vB', /got "vB"/],
  ['no code', '', /no input/],
])('an item with %s has no vector, and the others do', async (_, codes, message) => {
  const { folder, file, store } = await shop({ codes: ['seen'], levels: 4 });
  const table = await readFile(join(folder, 'items.tsv'), 'utf8');
  await writeFile(join(folder, 'items.tsv'), table.replace(codesOf(4), codes));
  expect((await checkData(await loadConfig(file))).modalities[0]!.matched).toBe(11);
  await rodpo('extract', '-c', file);
  const { failures, presentCount } = await store();

  expect(presentCount).toBe(11);
  expect(failures).toEqual([
    expect.objectContaining({ id: 'i4', message: expect.stringMatching(message) }),
  ]);
});

test.each([
  [
    'levels that the first item goes beyond',
    { codes: ['seen'], levels: 1 },
    ConfigError,
    /codes of item "i0" cannot be read: .* from 0 to 0 .* got "vA1"/,
  ],
  [
    'a column that the catalogue has not',
    { codes: ['heard'], levels: 4 },
    Error,
    /no column "heard"/,
  ],
  [
    'a file of ids that is too long',
    files,
    VectorFileError,
    /shape \[13, dimension\].*got \[12, 2\]/,
  ],
  ['a store that is none', { store: 'nowhere' }, StoreError, /no complete store/],
])('%s: an error before anything is made', async (_, from, kind, message) => {
  const { folder, file } = await shop(from);
  await writeArrays(folder);
  await writeFile(join(folder, 'ids.txt'), [...ids, 'more'].join('\n'));
  const table = await readFile(join(folder, 'items.tsv'), 'utf8');
  await writeFile(join(folder, 'items.tsv'), table.replace('vA0 vB0', 'vA1 vB0'));

  for (const command of ['check', 'extract']) {
    const failure = await rodpo(command, '-c', file).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(kind);
    expect(failure).toMatchObject({ message: expect.stringMatching(message) });
  }
});

test('codes need a catalogue', async () => {
  const { file } = await shop({ codes: ['seen'], levels: 4 }, { catalogue: null });

  await expect(rodpo('check', '-c', file)).rejects.toThrow(
    /codes are read from columns of the catalogue/,
  );
});

test.each([
  [{ encoder: 'vectors' }],
  [{ encoder: 'tfidf', from: { store: 'x' } }],
  [{ encoder: 'vectors', from: { npy: 'x' } }],
  [{ encoder: 'vectors', from: { codes: [], levels: 4 } }],
])('a config refuses %j', (text) => {
  expect(() => parseConfig({ features: { text } }, 'the test')).toThrow(/features\.text\.from/);
});

test('files may move, and others in their place are refused', async () => {
  const { folder, file } = await shop(files);
  await writeArrays(folder);
  await rodpo('extract', '-c', file);
  await rename(join(folder, 'vectors.npy'), join(folder, 'moved.npy'));
  const moved = await readFile(file, 'utf8');
  await writeFile(file, moved.replace('vectors.npy', 'moved.npy'));
  expect(await rodpo('extract', '-c', file)).toMatch(/0 shards made, 3 kept/);

  await writeNpy(join(folder, 'moved.npy'), [12, 2], [vectors.map((value) => value + 1)]);
  await expect(rodpo('extract', '-c', file)).rejects.toThrow(StoreError);
});

test.skipIf(isQuick)(
  'a run reads own vectors, and says how many of its items have one',
  async () => {
    const { file } = await shop({ codes: ['seen'], levels: 4 });
    const said = await rodpo('run', '-c', file);

    expect(said).toContain('12 of 12 items of the data have a vector of "text"');
    expect(said).toMatch(/uniform/);
  },
);

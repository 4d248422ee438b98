import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isActionable } from '@rodpo/errors';
import { importVectors } from '@rodpo/features';
import { expect, test, vi } from 'vitest';
import { checkData } from '../../src/check/check-data.ts';
import { loadConfig } from '../../src/config/config.ts';
import { rodpo } from '../rodpo.ts';
import { startRodpo } from '../run/start-rodpo.ts';
import { isQuick } from '../tier.ts';
import { control, from2015, sound } from './data-of.ts';

vi.mock('../../src/engine/engine.ts', () => {
  throw new Error('an engine was loaded');
});

const hostile = '<script>alert("1")</script>';

interface Shop {
  readonly settings?: object;
  /** How the catalogue writes the ids of items; undefined leaves one out. */
  readonly idOf?: (item: number) => string | undefined;
}

/** Five users of five items with times, whose catalogue has texts and, of some, pictures. */
async function shop({ settings = {}, idOf = (item) => `${hostile}${item}` }: Shop = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'rodpo-'));
  const rows = sound.flatMap((items, user) =>
    items.map((item, place) => `u${user}\t${hostile}${item}\t${from2015(place)}`),
  );
  const header = 'user_id:token\titem_id:token\ttimestamp:float';
  await writeFile(join(folder, 'own.inter'), `${[header, ...rows].join('\n')}\n`);
  const items = [0, 1, 2, 3, 4].flatMap((item) => {
    const id = idOf(item);
    return id === undefined ? [] : [`${id}\ttitle ${item}\t${item}.png`];
  });
  await writeFile(join(folder, 'items.tsv'), ['id\ttitle\tpicture', ...items, ''].join('\n'));
  for (const item of [0, 1, 2]) await writeFile(join(folder, `${item}.png`), '');
  const file = join(folder, 'config.json');
  const config = {
    output: join(folder, 'run'),
    data: { source: 'inter', path: 'own.inter' },
    catalogue: { path: 'items.tsv', id: 'id', text: ['title'], image: 'picture' },
    align: control,
    ...settings,
  };
  await writeFile(file, JSON.stringify(config));
  const report = async () => checkData(await loadConfig(file));
  return { folder, file, report };
}

const both = { features: { text: { encoder: 'tfidf' }, image: { encoder: 'histograms' } } };

test('a sound data set has no errors and no warnings, and nothing is left behind', async () => {
  const { folder, file } = await shop();
  const before = await readdir(folder);
  const printed = await rodpo('check', '--config', file);

  expect(printed).toMatch(/as read +5 +5 +25\ncore of 5 a user, 5 an item +5 +5 +25\n/);
  expect(printed).toContain('2015-01-01 00:00 to 2015-06-10 00:00 UTC, in seconds');
  expect(printed).toMatch(/no errors, no warnings$/);
  expect(await readdir(folder)).toEqual(before);
});

test('as JSON it is the whole report and nothing else', async () => {
  const { file, report } = await shop({ settings: both });

  expect(JSON.parse(await rodpo('check', '-c', file, '--json'))).toEqual(await report());
});

test('the steps are counted one by one, from what was read', async () => {
  const users = { fields: { user: 'item_id', item: 'timestamp' } };
  const settings = { data: { source: 'inter', path: 'own.inter', ...users } };
  const { read, steps, counts } = await (await shop({ settings })).report();

  expect(read.counts).toEqual({ users: 5, items: 5, interactions: 25 });
  expect(steps).toEqual([{ step: 'core of 5 a user, 5 an item', counts }]);
});

test('of each modality it is said how many items can have it: files that are not there do not', async () => {
  const { report } = await shop({ settings: both });

  expect((await report()).modalities).toEqual([
    { modality: 'image', from: 'catalogue', matched: 3 },
    { modality: 'text', from: 'catalogue', matched: 5 },
  ]);
});

test('pictures by their addresses can be had by as many as have one, until some are fetched', async () => {
  const catalogue = { path: 'items.tsv', id: 'id', imageUrl: 'picture' };
  const image = { image: { encoder: 'histograms' } };
  const { folder, report } = await shop({ settings: { catalogue, features: image } });

  expect((await report()).modalities).toEqual([
    { modality: 'image', from: 'catalogue', matched: 5 },
  ]);
  await mkdir(join(folder, 'run', 'data', 'downloads'), { recursive: true });
  expect((await report()).judgements[0]).toMatchObject({ severity: 'error' });
});

test('once vectors are made, the stores are asked', async () => {
  const { folder, report } = await shop({ settings: { features: { text: both.features.text } } });
  const store = join(folder, 'run', 'features', 'text');
  await mkdir(join(folder, 'run', 'features'), { recursive: true });
  const ids = [2, 3].map((item) => `${hostile}${item}`);
  const description = { model: 'none', revision: '1' };
  await importVectors(store, { description, dimension: 1 }, [
    { ids, vectors: Float32Array.of(1, 2) },
  ]);

  expect((await report()).modalities).toEqual([{ modality: 'text', from: 'store', matched: 2 }]);
});

test('ids that are nearly the same are a warning, one for a catalogue', async () => {
  const upper = (item: number) => (item === 4 ? `${hostile.toUpperCase()}4` : `${hostile}${item}`);
  const { judgements } = await (await shop({ settings: both, idOf: upper })).report();

  expect(judgements).toEqual([
    {
      severity: 'warning',
      message: expect.stringMatching(
        /^1 items are not in the catalogue.* differ by upper and lower/,
      ),
    },
  ]);
});

test.each([
  [
    'no item is in the catalogue',
    { settings: both, idOf: (item: number) => `other${item}` },
    /^None of the 5 items/,
  ],
  [
    'the encoder reads what nothing makes',
    { settings: { encoder: { streams: ['text'] } } },
    /^encoder.streams names 'text', but features.text is null/,
  ],
  [
    'nothing is left to learn from',
    {
      settings: {
        kCore: { minUserInteractions: 1 },
        data: { source: 'sequences', path: 'short.txt' },
      },
    },
    /^There is nothing to learn from/,
  ],
])('if %s, that is an error, and the command fails', async (_, changes: Shop, message) => {
  const { file, folder, report } = await shop(changes);
  await writeFile(
    join(folder, 'short.txt'),
    [1, 2, 3, 4, 5].map((user) => `u${user} x y z\n`).join(''),
  );

  expect((await report()).judgements[0]).toEqual({
    severity: 'error',
    message: expect.stringMatching(message),
  });
  const failure = await rodpo('check', '-c', file).catch((error: unknown) => error);
  expect(failure).toMatchObject({ message: expect.stringMatching(/^The check found/) });
  expect(isActionable(failure)).toBe(true);
});

test('the page needs nothing else, runs nothing, and shows what ids say as text', async () => {
  const near = (item: number) => ` ${hostile}${item}`;
  const { file, folder } = await shop({
    settings: { features: both.features, kCore: { minItemInteractions: 1 } },
    idOf: (item) => (item === 0 ? `${hostile}0` : near(item)),
  });
  const page = join(folder, 'check.html');
  await rodpo('check', '-c', file, '-o', page);
  const text = await readFile(page, 'utf8');

  expect(text).not.toMatch(/<script|<link|<iframe|https?:\/\/(?!www\.w3\.org)|\bon\w+=/i);
  expect(text).toContain('&lt;script&gt;');
  expect(text).toContain('<th scope="col">about</th>\n<th scope="col">what is so</th>');
  expect(text.match(/<svg/g)).toHaveLength(3);
  expect(await readdir(folder)).not.toContainEqual(expect.stringMatching(/partial/));
});

test('a page in the run folder would make it a stranger’s, and is refused', async () => {
  const { file, folder } = await shop();
  await mkdir(join(folder, 'run'));
  const page = join(folder, 'run', 'check.html');

  await expect(rodpo('check', '-c', file, '-o', page)).rejects.toThrow(/lies in the run folder/);
  expect(await readdir(join(folder, 'run'))).toEqual([]);
});

test('a simulation is checked as it would be prepared', async () => {
  const { folder, file } = await shop();
  const data = { source: 'simulator', userCount: 60, itemCount: 50 };
  await writeFile(
    file,
    JSON.stringify({ output: join(folder, 'run'), data, align: control, ...both }),
  );
  const report = await checkData(await loadConfig(file));

  expect(report.modalities.map(({ matched }) => matched)).toEqual([
    report.counts.items,
    report.counts.items,
  ]);
  expect(await readdir(folder)).not.toContain('run');
});

test.skipIf(isQuick)(
  'the process exits with 1 if there is an error, with 0 if there is none',
  async () => {
    const good = startRodpo('check', '-c', (await shop()).file);
    expect(await good.ended).toBe(0);

    const streams = { encoder: { streams: ['text'] } };
    const bad = startRodpo('check', '-c', (await shop({ settings: streams })).file);
    expect(await bad.ended).toBe(1);
    expect(bad.output()).toMatch(/ERROR +encoder.streams names 'text'/);
    expect(bad.output()).toMatch(/error: The check found an error/);
  },
);

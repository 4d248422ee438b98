import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isActionable } from '@rodpo/errors';
import { expect, test } from 'vitest';
import { checkData } from '../src/check/check-data.ts';
import { terminalReport } from '../src/check/terminal-report.ts';
import { ConfigError, loadConfig, parseConfig } from '../src/config/config.ts';
import { readSource } from '../src/data/read-source.ts';
import { openRun } from '../src/run/run.ts';
import { prepare } from '../src/stages/prepare.ts';
import { control, from2015, sound } from './check/data-of.ts';
import { rodpo } from './rodpo.ts';
import { silent } from './tiny-run.ts';

const columns = { user: 'who', item: 'what', time: 'when' };

/** The first three users' rows in one file and the others' in another, in the shop's own columns. */
async function shop(settings: object = {}, name = '') {
  const folder = join(await mkdtemp(join(tmpdir(), 'rodpo-')), name);
  await mkdir(folder, { recursive: true });
  const rows = sound.map((items, user) =>
    items
      .map((item, place) => `u${user},"item, ${item}",${from2015(place)},${place + 1}\n`)
      .join(''),
  );
  const header = 'who,what,when,stars\n';
  await writeFile(join(folder, '2015-a.csv'), header + rows.slice(0, 3).join(''));
  await writeFile(join(folder, '2015-b.csv'), header + rows.slice(3).join(''));
  const file = join(folder, 'config.json');
  const data = { source: 'table', path: '2015-*.csv', columns, ...settings };
  await writeFile(file, JSON.stringify({ output: join(folder, 'run'), data, align: control }));
  return { folder, file };
}

async function prepared(file: string, options: { readonly fresh?: boolean } = {}) {
  const run = await openRun(await loadConfig(file), silent, options);
  try {
    return { dataset: await prepare(run), identity: run.identity.run };
  } finally {
    await run.close();
  }
}

test('a table of several files is prepared as one', async () => {
  const { dataset } = await prepared((await shop()).file);

  expect(dataset.userIds).toEqual(['u0', 'u1', 'u2', 'u3', 'u4']);
  expect(dataset.itemIds).toEqual([0, 1, 2, 3, 4].map((item) => `item, ${item}`));
  expect([...dataset.sequences].map((own) => [...own])).toEqual(sound);
  expect(dataset.times!.at(4)).toEqual(Float64Array.from([0, 1, 2, 3, 4], from2015));
});

test.each(['2015-*.csv', '../br [[]1]/2015-?.csv', '2015-a.csv'])(
  'what the folder of a config is called is no pattern, with %j',
  async (path) => {
    const { folder, file } = await shop({ path }, 'br [1]');
    await mkdir(join(folder, '..', 'br 1'));
    for (const name of ['2015-a.csv', '2015-b.csv']) {
      await writeFile(join(folder, '..', 'br 1', name), 'who,what,when,stars\nu9,i,1,1\n');
    }
    const config = await loadConfig(file);
    const { dataset } = await readSource(config);

    expect(dataset.userIds).toHaveLength(path === '2015-a.csv' ? 3 : 5);
    expect(dataset.userIds[0]).toBe('u0');
  },
);

test('reading shows how far it is, and ends when it is asked to', async () => {
  const config = await loadConfig((await shop()).file);
  const shown: string[] = [];
  const progress = (title: string) => ({
    advance: (_: number, words: string) => void shown.push(words),
    done: (words: string) => void shown.push(`${title}: ${words}`),
  });
  const reporter = { ...silent, progress } as typeof silent;
  await readSource(config, { reporter });
  const stopped = readSource(config, { signal: AbortSignal.abort(new Error('enough')) });

  expect(shown).toContain('100 % done');
  expect(shown.at(-1)).toMatch(/: read \d+ rows of 2 files, of which \d+ count$/);
  await expect(stopped).rejects.toThrow('enough');
});

test('its steps are taken one after another, in place of the core of 5', async () => {
  const steps = [
    { kind: 'duplicates' },
    { kind: 'repeats', keep: 'all' },
    { kind: 'activity', atLeast: 2 },
    { kind: 'newest', interactions: 4 },
    { kind: 'sample', users: 3, seed: 1 },
    { kind: 'core', users: 3, items: 2 },
  ];
  const settings = { steps, minRating: 2, columns: { ...columns, rating: 'stars' } };
  const report = await checkData(await loadConfig((await shop(settings)).file));

  expect(report.table).toMatchObject({ files: 2, rows: 25, kept: 20, timeUnit: 'seconds' });
  expect(report.read.counts).toEqual({ users: 5, items: 5, interactions: 20 });
  expect(report.steps.map(({ step }) => step)).toEqual([
    'duplicates, first kept (0 found)',
    'repeats, all kept (0 found)',
    'users with 2 to any number',
    'the newest 4 a user',
    'a sample of 3 users',
    'core of 3 a user, 2 an item',
  ]);
  expect(report.steps.map(({ counts }) => counts.users)).toEqual([5, 5, 5, 5, 3, 3]);
  expect(report.steps.at(-1)!.counts).toEqual(report.counts);
  expect(terminalReport(report)).toContain('25 rows in 2 files, 5 of 25 (20.0 %) left out');
});

test('without steps, a table keeps a core of 5, as every source does', async () => {
  const report = await checkData(await loadConfig((await shop()).file));

  expect(report.steps.map(({ step }) => step)).toEqual(['core of 5 a user, 5 an item']);
});

test('a query and the layout of a file are handed on', async () => {
  const { folder, file } = await shop();
  await writeFile(
    join(folder, 'odd.txt'),
    sound.flatMap((items, user) => items.map((item) => `${user}|${item}|x\n`)).join(''),
  );
  const data = {
    source: 'table',
    path: ['odd.txt'],
    format: 'csv',
    delimiter: '|',
    names: ['a', 'b', 'c'],
    select: "select a as who, 'i' || b as what from source",
    columns: { user: 'who', item: 'what' },
    memoryLimit: '200MB',
  };
  await writeFile(file, JSON.stringify({ output: join(folder, 'run'), data }));
  const { dataset } = await prepared(file);

  expect(dataset.itemIds).toEqual(['i0', 'i1', 'i2', 'i3', 'i4']);
  expect(dataset.times).toBeUndefined();
});

test.each([
  [
    'kCore',
    { kCore: { minUserInteractions: 2 } },
    /"kind": "core", "users": 2, "items": 5 } in data.steps/,
  ],
  ['a step that is none', { data: { steps: [{ kind: 'kCore' }] } }, /data\.steps\[0\]/],
  ['a threshold of ratings without ratings', { data: { minRating: 3 } }, /data\.minRating/],
  ['no files', { data: { path: [] } }, /data\.path/],
  ['no columns', { data: { columns: undefined } }, /data\.columns/],
])('a config of a table refuses %s', (_, changes: { data?: object; kCore?: object }, message) => {
  const data = { source: 'table', path: 'a.csv', columns, ...changes.data };
  const parse = () => parseConfig({ ...changes, data }, 'the test');

  expect(parse).toThrow(ConfigError);
  expect(parse).toThrow(message);
});

test('a run knows its files by their contents: moved and renamed ones go on', async () => {
  const { folder, file } = await shop();
  const first = await prepared(file);
  const moved = await mkdtemp(join(tmpdir(), 'rodpo-'));
  await rename(join(folder, '2015-a.csv'), join(moved, 'x.csv'));
  await rename(join(folder, '2015-b.csv'), join(moved, 'y.csv'));
  const config = JSON.parse(await readFile(file, 'utf8'));
  config.data = {
    ...config.data,
    path: [join(moved, 'x.csv'), join(moved, 'y.csv')],
    memoryLimit: '2GB',
  };
  await writeFile(file, JSON.stringify(config));

  expect((await prepared(file)).identity).toBe(first.identity);
});

test.each([
  [
    'changed',
    (folder: string) => writeFile(join(folder, '2015-b.csv'), 'who,what,when,stars\nu,i,1,1\n'),
    /new or changed: "2015-b\.csv"/,
  ],
  [
    'added',
    (folder: string) => writeFile(join(folder, '2015-c.csv'), 'who,what,when,stars\nu,i,1,1\n'),
    /new or changed: "2015-c\.csv"/,
  ],
  ['removed', (folder: string) => rm(join(folder, '2015-a.csv')), /no longer there: "2015-a\.csv"/],
  [
    'put in another order',
    (folder: string) => rename(join(folder, '2015-a.csv'), join(folder, '2015-z.csv')),
    /in another order/,
  ],
])('a file that was %s is noticed, and the run refuses the others', async (_, change, message) => {
  const { folder, file } = await shop();
  const before = await prepared(file);
  await change(folder);
  const failure = prepared(file);

  await expect(failure).rejects.toThrow(ConfigError);
  await expect(failure).rejects.toThrow(message);
  expect((await prepared(file, { fresh: true }).catch(() => ({ identity: '' }))).identity).not.toBe(
    before.identity,
  );
});

test('files that are gone do not keep a prepared run from going on', async () => {
  const { folder, file } = await shop();
  const before = await prepared(file);
  for (const name of ['2015-a.csv', '2015-b.csv']) await rm(join(folder, name));

  expect(await prepared(file)).toEqual(before);
});

test('a pattern that fits no file is told, by every command that reads', async () => {
  const { file } = await shop({ path: 'none-*.csv' });

  for (const command of ['check', 'prepare']) {
    const failure = await rodpo(command, '-c', file).catch((error: unknown) => error);
    expect(failure).toMatchObject({ message: expect.stringMatching(/none-\*\.csv/) });
    expect(isActionable(failure)).toBe(true);
  }
});

test('times of a table become seconds, of the unit that they are in or that is named', async () => {
  const inMilliseconds = 'select who, what, "when"::bigint * 1000 as "when" from source';
  const found = await shop({ select: inMilliseconds });
  expect((await prepared(found.file)).dataset.times!.at(0)).toEqual(
    Float64Array.from([0, 1, 2, 3, 4], from2015),
  );
  const report = await checkData(await loadConfig(found.file));
  expect(report.judgements).toEqual([]);
  expect(terminalReport(report)).toMatch(/times\s+in\s+milliseconds\s+made\s+seconds/);

  const { file } = await shop({ select: inMilliseconds, timeUnit: 'seconds' });
  const [first] = (await checkData(await loadConfig(file))).judgements;
  expect(first!.message).toMatch(/look like milliseconds.* by 1,000/);
});

test('a published data set is known by its name', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rodpo-'));
  const lines = sound.flatMap((items, user) =>
    items.map((item, place) => `${user + 1}::${item + 1}::${5 - (item % 2)}::${from2015(place)}\n`),
  );
  await writeFile(join(folder, 'ratings.dat'), lines.join(''));
  const file = join(folder, 'config.json');
  const settings = async (data: object) => {
    const source = { source: 'published', name: 'movielens-1m', path: 'ratings.dat', ...data };
    await writeFile(file, JSON.stringify({ output: join(folder, 'run'), data: source }));
    return loadConfig(file);
  };

  const { dataset } = await readSource(await settings({}));
  expect([...dataset.sequences].map((own) => [...own])).toEqual(sound);
  const { table } = await readSource(await settings({ minRating: 5 }));
  expect(table!.kept).toBe(sound.flat().filter((item) => item % 2 === 0).length);
  await expect(settings({ name: 'netflix' })).rejects.toThrow(/movielens-1m/);
  await expect(settings({ columns })).rejects.toThrow(/columns/);
});

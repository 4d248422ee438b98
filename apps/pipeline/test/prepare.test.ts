import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deriveSeed, seededRandom } from '@rodpo/random';
import { simulateStorefront } from '@rodpo/simulator';
import { expect, test } from 'vitest';
import { checkData } from '../src/check/check-data.ts';
import { ConfigError, parseConfig } from '../src/config/config.ts';
import { runIdentity } from '../src/run/identity.ts';
import { openRun } from '../src/run/run.ts';
import { prepare } from '../src/stages/prepare.ts';
import { recordingReporter } from './recorded.ts';
import { silent, tinyRun } from './tiny-run.ts';

test('the tastes of a simulation are those of the users and items that are kept', async () => {
  const run = await tinyRun({ kCore: { minItemInteractions: 12 } });
  const prepared = await prepare(run);
  const { userIds, itemIds } = prepared;
  const [userCount, itemCount] = [200, 120];
  const random = seededRandom(deriveSeed(run.config.seed, 'storefront'));
  const whole = simulateStorefront({ userCount, itemCount }, random);
  const expected = userIds.flatMap((user) =>
    itemIds.map((item) => {
      const row = whole.userIds.indexOf(user);
      const column = whole.products.findIndex(({ id }) => id === item);
      return whole.likes(row, column);
    }),
  );

  // Else places before and after would be the same.
  expect(itemIds.length).toBeLessThan(itemCount);
  for (const { tastes } of [prepared, await prepare(run)]) {
    expect(
      userIds.flatMap((_, user) => itemIds.map((__, item) => tastes!.likes(user, item))),
    ).toEqual(expected);
  }
});

const drawn = { data: { userCount: 80, itemCount: 60, images: true } };

test('every product is drawn if images are asked for, and what is prepared is said', async () => {
  const { reporter, said, bars } = recordingReporter();
  const run = { ...(await tinyRun(drawn)), reporter };
  const { userIds, itemIds, sequences } = await prepare(run);
  const clicks = [...sequences].flatMap((sequence) => [...sequence]).length;

  expect(await readdir(run.file('data', 'images'))).toHaveLength(60);
  expect(
    bars.map(({ total, moves }) => [total, moves.reduce((sum, [by]) => sum + Number(by), 0)]),
  ).toEqual([[60, 60]]);
  expect(said.slice(0, 2)).toEqual([
    'drew 60 product images',
    `prepared ${userIds.length} users, ${itemIds.length} items, ${clicks} interactions (simulator)`,
  ]);
  expect(await readdir((await tinyRun()).file('data'))).not.toContain('images');
});

test('drawing ends when it is asked to', async () => {
  const run = { ...(await tinyRun(drawn)), signal: AbortSignal.abort(new Error('enough')) };

  await expect(prepare(run)).rejects.toThrow('enough');
});

test('a file that is not there is a wrong setting; what is wrong in one is not', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rodpo-'));
  await writeFile(
    join(folder, 'bad.inter'),
    'user_id:token\titem_id:token\ttimestamp:float\n1\t2\tsoon\n',
  );
  const of = async (name: string) => {
    const data = { source: 'inter', path: join(folder, name) };
    const config = parseConfig({ output: join(folder, `${name}-run`), data }, 'the test');
    return (await prepare(await openRun(config, silent)).catch(
      (reason: unknown) => reason,
    )) as Error;
  };
  const missing = await of('none.inter');

  expect(missing).toBeInstanceOf(ConfigError);
  expect(missing).toMatchObject({
    message: expect.stringContaining('data.path: there is no file'),
    cause: { code: 'ENOENT' },
  });
  expect(await of('bad.inter')).not.toBeInstanceOf(ConfigError);
});

const withoutTimes = 'user_id:token\titem_id:token\n';
const choices = ['a', 'b', 'c', 'd', 'e'].map((item) => `ann\t${item}\n`).join('');

async function interOf(text: string, fields: object = {}) {
  const path = join(await mkdtemp(join(tmpdir(), 'rodpo-')), 'own.inter');
  await writeFile(path, text);
  const kCore = { minUserInteractions: 1, minItemInteractions: 1 };
  return tinyConfigOf({ data: { source: 'inter', path, fields }, kCore });
}

const tinyConfigOf = async (settings: object) => {
  const output = join(await mkdtemp(join(tmpdir(), 'rodpo-')), 'run');
  return parseConfig({ output, ...settings }, 'the test');
};

test('an .inter file without times has the order of its lines, unless a column of times is named', async () => {
  const { itemIds, sequences, times } = await prepare(
    await openRun(await interOf(withoutTimes + choices), silent),
  );

  expect([...sequences.at(0)!].map((item) => itemIds[item])).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(times).toBeUndefined();
  const named = await openRun(await interOf(withoutTimes + choices, { time: 'timestamp' }), silent);
  await expect(prepare(named)).rejects.toThrow(/expected a column "timestamp", got "user_id"/);
});

test('the name of the column of times, as it was by default, is no other setting', async () => {
  const [before, now] = [await interOf('', { time: 'timestamp' }), await interOf('')];

  expect(runIdentity(now, null)).toBe(runIdentity(before, null));
  expect(runIdentity(await interOf('', { time: 'when' }), null)).not.toBe(runIdentity(now, null));
});

test.each([
  ['sequences', '', {}],
  ['inter', withoutTimes, {}],
  [
    'table',
    'user,item\n',
    { columns: { user: 'user', item: 'item' }, format: 'csv', delimiter: ',' },
  ],
])(
  '%s without an interaction are no data, and that is all that is said',
  async (source, text, own) => {
    const path = join(await mkdtemp(join(tmpdir(), 'rodpo-')), 'own.txt');
    await writeFile(path, text);
    const config = await tinyConfigOf({ data: { source, path, ...own } });

    // One after another: a promise that nobody waits for yet may be rejected before.
    for (const read of [() => openRun(config, silent).then(prepare), () => checkData(config)]) {
      const failure = await read().catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(ConfigError);
      expect(failure).toMatchObject({
        message: expect.stringContaining(`Expected interactions, got none of "${path}". Bring`),
      });
    }
  },
);

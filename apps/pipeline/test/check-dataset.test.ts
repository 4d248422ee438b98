import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Config, ConfigError, parseConfig } from '../src/config/config.ts';
import { checkDataset } from '../src/data/check-dataset.ts';
import { countRepeats } from '../src/data/count-repeats.ts';
import { timeUnit } from '../src/data/time-unit.ts';
import { rodpo } from './rodpo.ts';

const config = (encoder: object = {}): Config => parseConfig({ encoder }, 'the test');

/** Users' items, and times in the unit asked for. */
function dataOf(users: readonly (readonly number[])[], timeOf?: (place: number) => number) {
  const itemCount = Math.max(...users.flat()) + 1;
  return {
    userIds: users.map((_, user) => `u${user}`),
    itemIds: Array.from({ length: itemCount }, (_, item) => `i${item}`),
    sequences: users.map((items) => Int32Array.from(items)),
    ...(timeOf
      ? { times: users.map((items) => Float64Array.from(items, (_, place) => timeOf(place))) }
      : {}),
  };
}

const distinct = [
  [0, 1, 2, 3, 4],
  [4, 3, 2, 1, 0],
];

test('counts repeats, duplicates and targets that the history holds', () => {
  const users = [
    [1, 1, 2, 2, 3], // two repeats; the validation target 2 is in the history, 3 is not
    [5, 6, 7, 5], // one repeat: the test target
    [1, 2, 3, 4],
  ];
  const times = [
    Float64Array.of(10, 10, 20, 21, 22), // the first repeat is at the same time
    Float64Array.of(1, 2, 3, 1000),
    Float64Array.of(1, 1, 1, 1), // the same time of other items is no duplicate
  ];

  expect(countRepeats({ ...dataOf(users), times })).toEqual({
    repeats: 3,
    duplicates: 1,
    validationTargets: 1,
    testTargets: 1,
  });
  expect(countRepeats(dataOf(users))).toMatchObject({ repeats: 3, duplicates: 0 });
});

test('repeats are a warning with counts and shares', () => {
  const [warning, ...others] = checkDataset(
    dataOf([
      [0, 1, 2, 2],
      [3, 4, 5, 6],
    ]),
    config(),
  );

  expect(warning).toContain('1 of 8 (12.5 %) interactions repeat an item of the same user');
  expect(warning).toContain('1 of 2 (50.0 %) of the test targets');
  expect(warning).toContain('0 of 2 (0.0 %) of the validation targets');
  expect(others).toEqual([]);
  expect(checkDataset(dataOf(distinct), config())).toEqual([]);
});

const day = 86_400;
const from2015 = (place: number) => 1_420_070_400 + place * 40 * day;

test.each([
  [1, 'seconds'],
  [1e3, 'milliseconds'],
  [1e6, 'microseconds'],
  [1e9, 'nanoseconds'],
])('dates times %d are told to be in %s', (factor, unit) => {
  const { times } = dataOf(distinct, (place) => from2015(place) * factor);

  expect(timeUnit(times!)).toBe(unit);
});

test.each([[[0, 1, 2]], [[16_436, 16_500, 20_000]], [[20150101, 20150102, 20150301]], [[]]])(
  'times %j say no date in any of these units',
  (own) => {
    expect(timeUnit([Float64Array.from(own)])).toBeUndefined();
  },
);

test('another unit than seconds is a warning that says what to do', () => {
  const data = dataOf(distinct, (place) => from2015(place) * 1000);

  expect(checkDataset(data, config())).toEqual([
    'The times look like milliseconds, and seconds are expected: divide the column of times by 1,000.',
  ]);
  expect(checkDataset(dataOf(distinct, from2015), config())).toEqual([]);
});

test('an encoder that reads times refuses intervals that it cannot tell apart', () => {
  // 40 days are 3.5e9 ms, and the last of 32 intervals begins at 2^31 = 2.1e9.
  const data = dataOf(distinct, (place) => from2015(place) * 1000);
  const intervals = config({ positions: 'intervals' });

  expect(() => checkDataset(data, intervals)).toThrow(ConfigError);
  expect(() => checkDataset(data, intervals)).toThrow(
    /100 % of the intervals .* look like milliseconds.* by 1,000/,
  );
  expect(checkDataset(dataOf(distinct, from2015), intervals)).toEqual([]);
});

test.each([
  ['three', [0, 1, 2], /nothing to learn from: of 2 users none has more than 3 /],
  ['two', [0, 1], /nothing to rank: of 2 users none has more than 2 /],
  ['one', [0], /nothing to rank: of 2 users none has more than 1 /],
])('users with %s interactions each are no data', (_name, items, message) => {
  const check = () => checkDataset(dataOf([items, items]), config());

  expect(check).toThrow(ConfigError);
  expect(check).toThrow(message);
});

test('four interactions of one user are enough', () => {
  expect(checkDataset(dataOf([[0, 1, 2, 3], [0]]), config())).toEqual([]);
});

async function interConfig(rows: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rodpo-'));
  const header = 'user_id:token\titem_id:token\ttimestamp:float';
  await writeFile(join(folder, 'own.inter'), `${[header, ...rows].join('\n')}\n`);
  const file = join(folder, 'config.json');
  const settings = {
    output: join(folder, 'run'),
    data: { source: 'inter', path: 'own.inter' },
    kCore: { minUserInteractions: 1, minItemInteractions: 1 },
  };
  await writeFile(file, JSON.stringify(settings));
  return file;
}

test('prepare says the warnings, each time, and keeps nothing of data that is none', async () => {
  const twice = ['a', 'b', 'c', 'd'].flatMap((item, place) => {
    const row = `ann\t${item}\t${from2015(place)}`;
    return [row, row];
  });
  const file = await interConfig(twice);
  const warning = /WARNING: 4 of 8 \(50.0 %\) interactions .* 4 of them at the same time/;
  expect(await rodpo('prepare', '-c', file)).toMatch(warning);
  expect(await rodpo('prepare', '-c', file)).toMatch(warning);

  const short = await interConfig(['ann\ta\t1', 'ann\tb\t2', 'ann\tc\t3']);
  for (const _ of [1, 2]) {
    await expect(rodpo('run', '-c', short)).rejects.toThrow(/nothing to learn from/);
  }
});

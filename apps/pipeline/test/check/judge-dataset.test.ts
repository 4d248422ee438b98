import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SequenceDataset } from '@rodpo/data';
import { expect, test } from 'vitest';
import { countRepeats } from '../../src/check/count-repeats.ts';
import { datasetFigures } from '../../src/check/dataset-figures.ts';
import { judgeDataset } from '../../src/check/judge-dataset.ts';
import { type Config, ConfigError, parseConfig } from '../../src/config/config.ts';
import { requireSound } from '../../src/config/judgement.ts';
import { rodpo } from '../rodpo.ts';
import { dataOf, from2015, sound } from './data-of.ts';

const config = (encoder: object = {}): Config => parseConfig({ encoder }, 'the test');

const judged = (data: SequenceDataset, read = config()) =>
  judgeDataset(datasetFigures(data, read), read);

/** What is said about one thing, of users without times. */
const saying = (words: string, users: readonly (readonly number[])[], read = config()) =>
  judged(dataOf(users), read).flatMap(({ message }) => (message.includes(words) ? [message] : []));

/** What `prepare` says of data, or throws. */
const checked = (data: SequenceDataset, read = config()) => requireSound(judged(data, read));

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
  const [warning, ...others] = saying('repeat an item', [...sound, [0, 1, 2, 2]]);

  expect(warning).toContain('1 of 29 (3.4 %) interactions repeat an item of the same user');
  expect(warning).toContain('1 of 6 (16.7 %) of the test targets');
  expect(warning).toContain('0 of 6 (0.0 %) of the validation targets');
  expect(warning).not.toContain('at the same time');
  expect(others).toEqual([]);
  expect(checked(dataOf(sound))).toEqual([]);
});

test('another unit than seconds is a warning that says what to do', () => {
  const data = dataOf(sound, (place) => from2015(place) * 1000);

  expect(checked(data, config())).toEqual([
    'The times look like milliseconds, and seconds are expected: divide the column of times by 1,000.',
  ]);
  expect(checked(dataOf(sound, from2015), config())).toEqual([]);
});

test('an encoder that reads times refuses intervals that it cannot tell apart', () => {
  // 40 days are 3.5e9 ms, and the last of 32 intervals begins at 2^31 = 2.1e9.
  const data = dataOf(sound, (place) => from2015(place) * 1000);
  const intervals = config({ positions: 'intervals' });

  expect(() => checked(data, intervals)).toThrow(ConfigError);
  expect(() => checked(data, intervals)).toThrow(
    /100 % of the intervals .* look like milliseconds.* by 1,000/,
  );
  // The error says it: there is no warning of the unit besides.
  expect(judged(data, intervals).map(({ severity }) => severity)).toEqual(['error']);
  expect(checked(dataOf(sound, from2015), intervals)).toEqual([]);
});

test.each([
  ['three', [0, 1, 2], /nothing to learn from: of 2 users none has more than 3 /],
  ['two', [0, 1], /nothing to rank: of 2 users none has more than 2 /],
  ['one', [0], /nothing to rank: of 2 users none has more than 1 /],
])('users with %s interactions each are no data', (_name, items, message) => {
  const check = () => checked(dataOf([items, items]), config());

  expect(check).toThrow(ConfigError);
  expect(check).toThrow(message);
});

test.each([
  [
    { kind: 'ratio', validation: 0, test: 0.4 },
    /nothing to select epochs with by the split 'ratio'/,
  ],
  [{ kind: 'ratio', validation: 0.4, test: 0 }, /nothing to rank by the split 'ratio'/],
  [
    { kind: 'users', validation: 0, test: 0.4 },
    /of 5 users 3 have a pair to learn from, 0 items validate and 2 test\./,
  ],
])('a split without one of its parts is no data: %j', (split, message) => {
  const read = parseConfig({ split }, 'the test');

  expect(() => checked(dataOf(sound), read)).toThrow(ConfigError);
  expect(() => checked(dataOf(sound), read)).toThrow(message);
});

test('four interactions of one user are enough', () => {
  expect(saying('nothing to', [[0, 1, 2, 3], [0]])).toEqual([]);
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

test('an encoder that reads times is told where there are none', () => {
  const reading = config({ positions: 'intervals' });

  expect(judged(dataOf(sound), reading)).toEqual([
    { severity: 'error', message: expect.stringMatching(/^The encoder reads times.* has none/) },
  ]);
  expect(judged(dataOf(sound, from2015), reading)).toEqual([]);
});

test('times that are no dates among dates are a warning', () => {
  const data = dataOf(sound, (place, user) => (user === 0 && place === 0 ? 0 : from2015(place)));

  expect(checked(data)).toEqual([
    expect.stringMatching(/^1 of 25 \(4.0 %\) interactions are dated before 1973 .* 1970-01-01/),
  ]);
  // Line numbers are no dates either, and all of them: nothing stands out.
  expect(checked(dataOf(sound, (place) => place))).toEqual([]);
});

test('many interactions at one time are a warning, few are none', () => {
  // The last two items of every user are at one time, or of one user alone.
  const tied = (users: number) =>
    dataOf(sound, (place, user) => from2015(user < users ? Math.min(place, 3) : place));

  expect(checked(tied(5))).toEqual([
    expect.stringMatching(/^10 of 25 \(40.0 %\) .* 5 of 5 \(100.0 %\) of the test targets/),
  ]);
  expect(checked(tied(1))).toEqual([]); // 2 of 25
  // A tenth is enough: 2 of 20.
  const fewer = dataOf(sound.slice(0, 4), (place, user) =>
    from2015(user < 1 ? Math.min(place, 3) : place),
  );
  expect(checked(fewer)).toContainEqual(
    expect.stringMatching(/^2 of 20 \(10.0 %\) .* at the time/),
  );
});

test('histories that the encoder cuts are a warning if more than a fifth are', () => {
  const short = config({ maxLength: 4 });
  const users = [...Array.from({ length: 4 }, () => [0, 1, 2, 3]), [0, 1, 2, 3, 4]];

  expect(saying('that the encoder reads', users, short)).toEqual([]);
  expect(saying('that the encoder reads', [...users, [4, 3, 2, 1, 0]], short)).toEqual([
    expect.stringMatching(/^2 of 6 \(33.3 %\) users have more than the 4 .* at most 5\)/),
  ]);
});

test('items that hardly anyone chose are a warning if more than half are', () => {
  const popular = Array.from({ length: 5 }, () => [0, 1, 2]);

  expect(saying('fewer than 5', [...popular, [0, 1, 2, 3, 4]])).toEqual([]);
  expect(saying('fewer than 5', [...popular, [0, 1, 2, 6, 3, 4, 5]])).toEqual([
    expect.stringMatching(/^4 of 7 \(57.1 %\) items have fewer than 5 interactions/),
  ]);
});

test('test items that nobody else chose are a warning', () => {
  const users = [[0, 1, 2, 3], [3, 2, 1, 0], ...sound.map((items) => items.slice(0, 4))];

  expect(saying('occur nowhere', users)).toEqual([]);
  expect(saying('occur nowhere', [...users, [0, 1, 2, 5]])).toEqual([
    expect.stringMatching(/^1 of 8 \(12.5 %\) test items occur nowhere/),
  ]);
});

test('errors are thrown together, and warnings wait for none of them', () => {
  const both = () =>
    requireSound([
      { severity: 'error', message: 'one' },
      { severity: 'warning', message: 'two' },
      { severity: 'error', message: 'three' },
    ]);

  expect(both).toThrow(new ConfigError('one\nthree'));
});

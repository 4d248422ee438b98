import type { SequenceDataset } from '@rodpo/data';
import { expect, test } from 'vitest';
import { datasetFigures } from '../src/check/dataset-figures.ts';
import { judgeDataset } from '../src/check/judge-dataset.ts';
import { type Config, ConfigError, parseConfig } from '../src/config/config.ts';
import { splitOf } from '../src/data/split-of.ts';
import { workspaceOf } from '../src/stages/workspace.ts';
import { tinyRun } from './tiny-run.ts';

const configOf = (split: object, rest: object = {}): Config =>
  parseConfig({ split, ...rest }, 'the test');

/** Two users; the second chose its items a day after the first's. */
const day = 86_400;
const dataset: SequenceDataset = {
  userIds: ['a', 'b'],
  itemIds: ['0', '1', '2', '3', '4', '5', '6', '7'],
  sequences: [Int32Array.of(0, 1, 2, 3, 4), Int32Array.of(3, 4, 5, 6, 7)],
  times: [0, 1].map((late) => Float64Array.of(0, 1, 2, 3, 4).map((n) => (n + late) * day)),
};

/** What each part holds: sequences that are learned from, and cases as `history > target`. */
function partsOf(split: object, data = dataset) {
  const { train, validation, test: tested } = splitOf(data, configOf(split).split);
  const said = (cases: typeof tested) =>
    [...cases].map(({ history, target }) => `${[...history]} > ${target}`);
  return {
    train: [...train].map((items) => [...items].join()),
    validation: said(validation),
    test: said(tested),
  };
}

test.each([
  [
    {},
    {
      train: ['0,1,2', '3,4,5'],
      validation: ['0,1,2 > 3', '3,4,5 > 6'],
      test: ['0,1,2,3 > 4', '3,4,5,6 > 7'],
    },
  ],
  [
    { kind: 'leave-n-out', count: 2 },
    {
      train: ['0', '3'],
      validation: ['0 > 1', '0,1 > 2', '3 > 4', '3,4 > 5'],
      test: ['0,1,2 > 3', '0,1,2,3 > 4', '3,4,5 > 6', '3,4,5,6 > 7'],
    },
  ],
  [
    { kind: 'ratio', validation: 0.2, test: 0.4 },
    {
      train: ['0,1', '3,4'],
      validation: ['0,1 > 2', '3,4 > 5'],
      test: ['0,1,2 > 3', '0,1,2,3 > 4', '3,4,5 > 6', '3,4,5,6 > 7'],
    },
  ],
  [
    // The end of 1970-01-03, and in seconds: the fourth day is the second user's third.
    { kind: 'time', validationFrom: '1970-01-04', testFrom: 4 * day },
    {
      train: ['0,1,2', '3,4'],
      validation: ['0,1,2 > 3', '3,4 > 5'],
      test: ['0,1,2,3 > 4', '3,4,5 > 6', '3,4,5,6 > 7'],
    },
  ],
])('a split by %j', (split, expected) => {
  expect(partsOf({ kind: 'leave-one-out', ...split })).toEqual(expected);
});

test('a split by users holds whole ones out, the same whatever the seed of the run', () => {
  const parts = partsOf({ kind: 'users', validation: 0, test: 0.5 });

  expect(parts.train.filter((items) => items === '')).toHaveLength(1);
  expect(parts.test).toHaveLength(1);
  expect(parts.validation).toEqual([]);
  const users = [1, 2, 3, 4].map(
    (seed) => partsOf({ kind: 'users', validation: 0, test: 0.5, seed }).test[0],
  );
  expect(new Set(users).size).toBe(2);
});

test('the report before training and the workspace split as the config says', async () => {
  const config = configOf({ kind: 'leave-n-out', count: 2 }, { encoder: { maxLength: 5 } });

  expect(datasetFigures(dataset, config).split).toMatchObject({ cases: 4, learners: 0 });
  expect(judgeDataset(datasetFigures(dataset, config), config)[0]).toMatchObject({
    severity: 'error',
    message: expect.stringMatching(
      /nothing to learn from by the split 'leave-n-out': of 2 users 0 have .* 4 items validate and 4 test/,
    ),
  });
  const run = await tinyRun({ split: { kind: 'leave-n-out', count: 2 } });
  const workspace = await workspaceOf(run, dataset);
  expect(workspace.split.test).toHaveLength(4);
  await workspace.dispose();
});

test.each([
  [{ kind: 'leave-n-out' }, /count/],
  [{ kind: 'leave-n-out', count: 0 }, /count/],
  [{ kind: 'ratio', test: 1 }, /test/],
  [{ kind: 'time', validationFrom: 'yesterday', testFrom: 5 }, /validationFrom/],
  [{ kind: 'random' }, /leave-one-out/],
])('refuses the split %j', (split, message) => {
  expect(() => configOf(split)).toThrow(ConfigError);
  expect(() => configOf(split)).toThrow(message);
});

test('a split by time of data without times is refused in plain words', () => {
  const { times: _, ...timeless } = dataset;
  const split = { kind: 'time', validationFrom: 1, testFrom: 2 };

  expect(() => partsOf(split, timeless)).toThrow(/split by time/i);
});

import {
  applySteps,
  type DataStep,
  kCore,
  type SequenceDataset,
  TimesMissingError,
} from '@rodpo/data';
import { isActionable } from '@rodpo/errors';
import { range } from '@rodpo/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';

/** One interaction by names, with a number of its own: equal triples are still told apart. */
type Row = readonly [user: string, item: string, time: number, own: number];

const itemCount = 6;

/** Users with items of few kinds at few times, so that everything that may tie does. */
const users = fc
  .array(
    fc.array(fc.tuple(fc.nat(itemCount - 2), fc.nat(3)), { maxLength: 8 }), // the last item has no users
    { minLength: 1, maxLength: 8 },
  )
  .map((all) => all.map((own) => own.toSorted((a, b) => a[1] - b[1])));

function datasetOf(all: readonly (readonly [number, number][])[], hasTimes = true) {
  const times = all.map((own) => Float64Array.from(own, ([, time]) => time));
  return {
    userIds: all.map((_, user) => `u${user}`),
    itemIds: range(itemCount).map((item) => `i${item}`),
    sequences: all.map((own) => Int32Array.from(own, ([item]) => item)),
    ...(hasTimes ? { times } : {}),
  };
}

function rowsOf({ userIds, itemIds, sequences, times }: SequenceDataset): Row[] {
  let own = 0;
  return [...sequences].flatMap((items, user) =>
    Array.from(
      items,
      (item, place): Row => [userIds[user]!, itemIds[item]!, times?.at(user)?.[place] ?? 0, own++],
    ),
  );
}

const withoutOwn = (rows: readonly Row[]) => rows.map(([user, item, time]) => [user, item, time]);
const same = (a: Row, b: Row, columns: readonly number[]) =>
  columns.every((column) => a[column] === b[column]);
const many = (rows: readonly Row[], column: 0 | 1, of: Row) =>
  rows.filter((row) => row[column] === of[column]).length;

/** The slow way: rows against rows, with no order of work but the definition. */
const naive: { [Kind in DataStep['kind']]?: (rows: Row[], step: never) => Row[] } = {
  duplicates: (rows, { keep }: { keep: string }) => alike(rows, [0, 1, 2], keep),
  repeats: (rows, { keep }: { keep: string }) => alike(rows, [0, 1], keep),
  activity: (rows, { atLeast = 0, atMost = 99 }: { atLeast?: number; atMost?: number }) =>
    rows.filter((row) => many(rows, 0, row) >= atLeast && many(rows, 0, row) <= atMost),
  newest: (rows, { interactions }: { interactions: number }) =>
    rows.filter(
      (row) =>
        rows.filter((later) => same(later, row, [0]) && later[3] > row[3]).length < interactions,
    ),
  core: (rows, step: { users: number; items: number }) => {
    const left = rows.filter(
      (row) => many(rows, 0, row) >= step.users && many(rows, 1, row) >= step.items,
    );
    return left.length === rows.length ? rows : naive.core!(left, step as never);
  },
};

function alike(rows: Row[], columns: readonly number[], keep: string): Row[] {
  return rows.filter(
    (row) =>
      keep === 'all' ||
      !rows.some(
        (other) =>
          same(other, row, columns) && (keep === 'first' ? other[3] < row[3] : other[3] > row[3]),
      ),
  );
}

const few = fc.integer({ min: 1, max: 4 });
const keep = fc.constantFrom('first' as const, 'last' as const, 'all' as const);
const step: fc.Arbitrary<DataStep> = fc.oneof(
  fc.record({ kind: fc.constant('duplicates' as const), keep }),
  fc.record({ kind: fc.constant('repeats' as const), keep }),
  few.chain((atLeast) =>
    fc.record(
      {
        kind: fc.constant('activity' as const),
        atLeast: fc.constant(atLeast),
        atMost: fc.integer({ min: atLeast, max: 7 }),
      },
      { requiredKeys: ['kind', 'atLeast'] },
    ),
  ),
  fc.record({ kind: fc.constant('core' as const), users: few, items: few }),
  fc.record({ kind: fc.constant('newest' as const), interactions: few }),
);

const sizes = (rows: readonly Row[]) => ({
  users: new Set(rows.map(([user]) => user)).size,
  items: new Set(rows.map(([, item]) => item)).size,
  interactions: rows.length,
});

test('any steps leave what their definitions leave, in order, and count it', () => {
  let emptied = 0;
  fc.assert(
    fc.property(users, fc.array(step, { maxLength: 4 }), (all, steps) => {
      const dataset = datasetOf(all);
      const stages = [rowsOf(dataset)];
      for (const one of steps) stages.push(naive[one.kind]!(stages.at(-1)!, one as never));
      if (stages[0]!.length > 0 && stages.at(-1)!.length === 0) {
        emptied++;
        expect(() => applySteps(dataset, steps)).toThrow(RangeError);
        return;
      }
      const { dataset: left, counts } = applySteps(dataset, steps);
      const rows = rowsOf(left);

      expect(withoutOwn(rows)).toEqual(withoutOwn(stages.at(-1)!));
      expect([...left.sequences].every(({ length }) => length > 0)).toBe(true);
      expect(left.userIds).toEqual([...new Set(rows.map(([user]) => user))]);
      expect(left.itemIds).toEqual([...new Set(rows.map(([, item]) => item))].sort());
      expect(counts.map(({ step: done }) => done)).toEqual(steps);
      expect(counts.map(({ before }) => before)).toEqual(stages.slice(0, -1).map(sizes));
      expect(counts.map(({ after }) => after)).toEqual(stages.slice(1).map(sizes));
      for (const [index, { found }] of counts.entries()) {
        const { kind } = steps[index]!;
        const columns = kind === 'duplicates' ? [0, 1, 2] : kind === 'repeats' ? [0, 1] : [];
        const before = stages[index]!;
        const distinct = alike(before, columns, 'first').length;
        expect(found).toBe(columns.length > 0 ? before.length - distinct : undefined);
      }
    }),
    { numRuns: 400 },
  );
  expect(emptied).toBeGreaterThan(0);
});

test('of duplicates at one time, the first or the last stays where it was', () => {
  const whole: SequenceDataset = {
    userIds: ['ann'],
    itemIds: ['tea', 'cup'],
    sequences: [Int32Array.of(0, 1, 0, 0)],
    times: [Float64Array.of(5, 5, 5, 6)],
  };
  const left = (how: 'first' | 'last' | 'all') =>
    applySteps(whole, [{ kind: 'duplicates', keep: how }]).dataset.sequences.at(0);

  expect(left('first')).toEqual(Int32Array.of(0, 1, 0)); // the tea of 6 is another occasion
  expect(left('last')).toEqual(Int32Array.of(1, 0, 0));
  expect(left('all')).toBe(whole.sequences.at(0));
});

test('what is left out of a step has its default', () => {
  const letters = ['aab', 'abcde', 'abcde', 'abcde', 'abcde', 'abcde'];
  const all = letters.map((own) =>
    [...own].map((item, at): [number, number] => [item.charCodeAt(0) - 97, at]),
  );
  const dataset = datasetOf(all);
  const done = (one: DataStep) => applySteps(dataset, [one]).dataset;

  expect(done({ kind: 'repeats' })).toEqual(done({ kind: 'repeats', keep: 'first' }));
  expect(done({ kind: 'duplicates' })).toEqual(done({ kind: 'duplicates', keep: 'first' }));
  expect(done({ kind: 'core' })).toEqual(kCore(dataset));
  expect(done({ kind: 'activity' }).userIds).toEqual(dataset.userIds);
  expect(done({ kind: 'activity', atMost: 3 }).userIds).toEqual(['u0']);
});

const crowd = (count: number) =>
  datasetOf(
    range(count).map((user): [number, number][] => (user % 4 === 0 ? [] : [[user % 3, 0]])),
  );
const sampled = (count: number, wanted: number, seed: number) =>
  applySteps(crowd(count), [{ kind: 'sample', users: wanted, seed }]).dataset.userIds;

test('a sample is of users that there are, in their order, and repeatable', () => {
  const order: string[] = [...crowd(40).userIds];
  const ids = sampled(40, 12, 7);

  expect(new Set(ids).size).toBe(12);
  expect(ids).toEqual(order.filter((id) => ids.includes(id)));
  expect(ids.every((id) => Number(id.slice(1)) % 4 !== 0)).toBe(true);
  expect(sampled(40, 12, 7)).toEqual(ids);
  expect(sampled(40, 12, 8)).not.toEqual(ids);
  expect(sampled(40, 20, 7)).toEqual(expect.arrayContaining([...ids]));
  expect(sampled(40, 30, 7)).toEqual(sampled(40, 1e9, 7));
});

test('a sample draws every user equally often', () => {
  const times = new Map<string, number>();
  for (let seed = 0; seed < 3000; seed++) {
    for (const id of sampled(16, 3, seed)) times.set(id, (times.get(id) ?? 0) + 1);
  }

  // 12 users, each drawn with p = 1/4: 750 expected, σ = √(3000 · ¼ · ¾) = 23.7, and 5 σ allowed.
  expect(times.size).toBe(12);
  for (const count of times.values()) expect(Math.abs(count - 750)).toBeLessThan(119);
});

test('an empty dataset stays empty', () => {
  const empty = { userIds: [], itemIds: [], sequences: [], times: [] };
  const { dataset, counts } = applySteps(empty, [{ kind: 'core' }, { kind: 'duplicates' }]);

  expect(dataset).toEqual(empty);
  expect(counts[1]!.after).toEqual({ users: 0, items: 0, interactions: 0 });
});

const refused: [string, DataStep, string][] = [
  ['an unknown kind', { kind: 'cor' } as never, 'kind must be \'duplicates\', .* got "cor"'],
  ['an unknown keep', { kind: 'repeats', keep: 'some' as never }, 'keep must be .* got "some"'],
  [
    'no positive threshold',
    { kind: 'core', users: 0 },
    'core.users must be a positive integer, got 0',
  ],
  ['a part of an item', { kind: 'core', items: 1.5 }, 'core.items must be .* got 1.5'],
  ['no activity', { kind: 'activity', atLeast: 0 }, 'activity.atLeast must be .* got 0'],
  [
    'a wrong way round',
    { kind: 'activity', atLeast: 5, atMost: 4 },
    'activity.atMost must be an integer from 5, got 4',
  ],
  ['a sample of none', { kind: 'sample', users: 0, seed: 1 }, 'sample.users must be .* got 0'],
  ['no seed', { kind: 'sample', users: 1, seed: Number.NaN }, 'sample.seed must be .* got NaN'],
  ['the newest none', { kind: 'newest', interactions: 0 }, 'newest.interactions must be .* got 0'],
  [
    'nothing left',
    { kind: 'activity', atLeast: 9 },
    'step 1 of the data, .*"atLeast":9.* left none',
  ],
];

test.each(refused)('%s is refused, with what was expected', (_, one, message) => {
  expect(() => applySteps(crowd(9), [one])).toThrow(new RegExp(message));
  expect(isActionable(thrownBy(() => applySteps(crowd(9), [one])))).toBe(true);
});

test('duplicates need times, and in order', () => {
  const duplicates = (dataset: SequenceDataset) => () =>
    applySteps(dataset, [{ kind: 'duplicates' }]);
  const { times: _, ...timeless } = crowd(9);

  expect(duplicates(timeless)).toThrow(TimesMissingError);
  expect(duplicates(timeless)).toThrow(/'duplicates' must have times to go by/);
  for (const own of [Float64Array.of(2, 1), Float64Array.of(1, Number.NaN)]) {
    const wrong = {
      ...datasetOf([
        [
          [1, 0],
          [2, 0],
        ],
      ]),
      times: [own],
    };
    expect(duplicates(wrong)).toThrow(/times of user 0 must be numbers in ascending order/);
  }
  expect(() => applySteps({ ...timeless, times: [] }, [])).toThrow(/one entry for each of the/);
});

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}

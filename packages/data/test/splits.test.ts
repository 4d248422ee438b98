import {
  FlatSequences,
  leaveNOut,
  leaveOneOut,
  type RankingCase,
  type SequenceSplit,
  splitByRatio,
  splitByTime,
  splitByUsers,
  TimesMissingError,
} from '@rodpo/data';
import { isActionable } from '@rodpo/errors';
import { range } from '@rodpo/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const sequences = fc.array(
  fc.array(fc.nat(9), { maxLength: 12 }).map((items) => Int32Array.from(items)),
  { minLength: 1, maxLength: 10 },
);

type Part = 'train' | 'validation' | 'test';

/** A split from the part that each interaction belongs to, one interaction at a time. */
function naive(
  all: readonly Int32Array[],
  partOf: (user: number, place: number, length: number) => Part,
): SequenceSplit {
  const split = {
    train: all.map((own, user) =>
      own.filter((_, place) => partOf(user, place, own.length) === 'train'),
    ),
    validation: [] as RankingCase[],
    test: [] as RankingCase[],
  };
  for (const [user, own] of all.entries()) {
    for (const [place, target] of own.entries()) {
      const part = partOf(user, place, own.length);
      if (part === 'train' || place === 0) continue;
      split[part].push({ user, history: own.filter((_, earlier) => earlier < place), target });
    }
  }
  return split;
}

test('of n items each, the last test and those before validate', () => {
  fc.assert(
    fc.property(sequences, fc.integer({ min: 1, max: 4 }), (all, count) => {
      const expected = naive(all, (_, place, length) => {
        const fromEnd = length - place; // 1 is the last
        if (length < 2 * count + 1 || fromEnd > 2 * count) return 'train';
        return fromEnd > count ? 'validation' : 'test';
      });

      expect(leaveNOut(all, count)).toEqual(expected);
      if (count === 1) expect(leaveOneOut(all)).toEqual(expected);
    }),
  );
});

/** Users' items with a time for each, in order, of few different ones. */
const timed = fc
  .array(fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 10 }), {
    minLength: 1,
    maxLength: 8,
  })
  .map((all) => all.map((own) => own.toSorted(([, a], [, b]) => a - b)))
  .map((all) => ({
    userIds: all.map((_, user) => `u${user}`),
    itemIds: range(10).map(String),
    sequences: all.map((own) => Int32Array.from(own, ([item]) => item)),
    times: all.map((own) => Float64Array.from(own, ([, time]) => time)),
  }));

test('by time, the same two moments part the sequences of all', () => {
  let whole = 0;
  fc.assert(
    fc.property(timed, fc.nat(8), fc.integer({ min: 1, max: 4 }), (dataset, from, span) => {
      const moments = { validationFrom: from, testFrom: from + span };
      const expected = naive(dataset.sequences, (user, place) => {
        const time = dataset.times[user]![place]!;
        if (time < from) return 'train';
        return time < from + span ? 'validation' : 'test';
      });
      const { train, validation, test: tests } = expected;
      if ([...train].every(({ length }) => length === 0) || !validation.length || !tests.length) {
        expect(() => splitByTime(dataset, moments)).toThrow(/leave something in each part/);
        return;
      }
      whole++;
      const split = splitByTime(dataset, moments);

      expect(split).toEqual(expected);
      // Nobody's future: all that is learned from was before each target of everybody.
      const learned = [...split.train].map(
        (own, user) => dataset.times.at(user)![own.length - 1] ?? -1,
      );
      for (const { user, history } of [...split.validation, ...split.test]) {
        expect(Math.max(...learned)).toBeLessThan(dataset.times[user]![history.length]!);
      }
    }),
    { numRuns: 300 },
  );
  expect(whole).toBeGreaterThan(100);
});

test('a split by time says what is wrong with its moments', () => {
  const dataset = {
    userIds: ['a'],
    itemIds: ['x'],
    sequences: [Int32Array.of(0, 0, 0, 0)],
    times: [Float64Array.of(10, 20, 30, 40)],
  };
  const { times: _, ...timeless } = dataset;
  const split = (validationFrom: number, testFrom: number, of: object = dataset) =>
    thrownBy(() => splitByTime(of as typeof dataset, { validationFrom, testFrom })) as Error;

  expect(split(20_000, 30_000).message).toBe(
    'A split by time must leave something in each part, got 4 interactions to learn from, 0 cases to ' +
      'validate and 0 to test. The times of the data run from 10 to 40: choose moments between.',
  );
  expect(split(30, 30).message).toMatch(/^validationFrom must be before testFrom, got 30 and 30\./);
  expect(split(Number.NaN, 30).message).toMatch(/got NaN and 30/);
  expect(split(20, 30, timeless)).toBeInstanceOf(TimesMissingError);
  expect(split(20, 30, { ...dataset, times: [Float64Array.of(10, 30, 20, 40)] }).message).toMatch(
    /times of user 0 must be numbers in ascending order, got 20 after 30/,
  );
  for (const error of [split(30, 30), split(1, 2), split(20, 30, timeless)]) {
    expect(isActionable(error)).toBe(true);
  }
});

// RecBole's `_calcu_split_ids(tot, ratios)` by hand: round validation and test down; then, the test
// first, a share of less than one item becomes one while more than one is left to train.
test.each([
  [0, 0.1, 0.1, [0, 0, 0]],
  [1, 0.1, 0.1, [1, 0, 0]],
  [2, 0.1, 0.1, [1, 0, 1]],
  [3, 0.1, 0.1, [1, 1, 1]],
  [9, 0.1, 0.1, [7, 1, 1]],
  [10, 0.1, 0.1, [8, 1, 1]],
  [25, 0.1, 0.1, [21, 2, 2]],
  [10, 0.25, 0.4, [4, 2, 4]],
  [10, 0, 0.2, [8, 0, 2]],
  [10, 0.2, 0, [8, 2, 0]],
  [3, 0.45, 0.45, [1, 1, 1]],
  [7, 0.45, 0.45, [1, 3, 3]],
])('of %d items, shares of %d and %d leave %j', (length, validation, test, parts) => {
  const split = splitByRatio([new Int32Array(length)], { validation, test });

  expect([split.train.at(0)!.length, split.validation.length, split.test.length]).toEqual(parts);
});

test('by ratio, the parts follow one another in time', () => {
  const share = fc.double({ min: 0, max: 0.49, noNaN: true });
  fc.assert(
    fc.property(sequences, share, share, (all, validation, test) => {
      const split = splitByRatio(all, { validation, test });
      const count = (part: 'validation' | 'test', user: number) =>
        [...split[part]].filter((one) => one.user === user).length;

      expect(split).toEqual(
        naive(all, (user, place, length) => {
          if (place < length - count('test', user) - count('validation', user)) return 'train';
          return place < length - count('test', user) ? 'validation' : 'test';
        }),
      );
    }),
  );
});

const share = fc.constantFrom(0, 0.1, 0.25, 0.4);

test('by users, each is in one part with all that they did', () => {
  fc.assert(
    fc.property(sequences, share, share, fc.nat(), (all, validation, test, seed) => {
      const split = splitByUsers(all, { validation, test, seed });
      const able = all.filter(({ length }) => length >= 2).length;
      const cold = [...split.validation, ...split.test];

      expect(split.validation).toHaveLength(Math.round(validation * able));
      expect(split.test).toHaveLength(Math.round(test * able));
      expect(new Set(cold.map(({ user }) => user)).size).toBe(cold.length);
      for (const { user, history, target } of cold) {
        expect([...history, target]).toEqual([...all[user]!]);
        expect(history.length).toBeGreaterThan(0);
      }
      for (const part of [split.validation, split.test]) {
        const order = [...part].map(({ user }) => user);
        expect(order).toEqual(order.toSorted((a, b) => a - b));
      }
      for (const [user, own] of all.entries()) {
        const isCold = cold.some((one) => one.user === user);
        expect(split.train.at(user)).toEqual(isCold ? new Int32Array(0) : own);
      }
    }),
    { numRuns: 200 },
  );
});

test('everybody is held out equally often, by the seed alone', () => {
  const all = range(8).map((user) => new Int32Array(user === 3 ? 1 : 4));
  const times = new Int32Array(8);
  for (let seed = 0; seed < 2100; seed++) {
    const { test: tests } = splitByUsers(all, { validation: 1 / 7, test: 2 / 7, seed });
    for (const { user } of tests) times[user]!++;
  }
  const again = () => splitByUsers(all, { validation: 0.3, test: 0.3, seed: 5 });

  // 7 users, each in the test with p = 2/7: 600 expected, σ = √(2100 · 2/7 · 5/7) = 20.7; 5 σ allowed.
  expect(times[3]).toBe(0);
  for (const count of times.filter((_, user) => user !== 3)) {
    expect(Math.abs(count - 600)).toBeLessThan(104);
  }
  expect(again()).toEqual(again());
});

test('whatever splits copies nothing', () => {
  const own = Int32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
  const all = new FlatSequences(own, new Float64Array(4), new Float64Array(4).fill(10));
  const dataset = {
    userIds: [],
    itemIds: [],
    sequences: all,
    times: Array.from(all, (one) => Float64Array.from(one)),
  };
  const shares = { validation: 0.25, test: 0.25 };
  const splits = [
    leaveNOut(all, 2),
    splitByRatio(all, shares),
    splitByUsers(all, { ...shares, seed: 1 }),
    splitByTime(dataset, { validationFrom: 5, testFrom: 7 }),
  ];

  for (const { train, validation, test: tests } of splits) {
    const views = [...train, ...[...validation, ...tests].map(({ history }) => history)];
    expect(tests.length).toBeGreaterThan(0);
    for (const view of views) expect(view.buffer).toBe(own.buffer);
    // Whoever reads times beside a history counts from the sequence's beginning.
    for (const view of views) expect(view.byteOffset).toBe(0);
  }
});

test.each<[string, () => unknown, string]>([
  ['no items', () => leaveNOut([], 0), 'count must be a positive integer, got 0'],
  [
    'all of it',
    () => splitByRatio([], { validation: 0.5, test: 0.5 }),
    'shares from 0 with a sum below 1, since the rest is learned from, got 0.5 and 0.5',
  ],
  [
    'less than nothing',
    () => splitByRatio([], { validation: -0.1, test: 0.5 }),
    'got -0.1 and 0.5',
  ],
  ['no number', () => splitByUsers([], { validation: Number.NaN, test: 0.1, seed: 1 }), 'got NaN'],
  [
    'no seed',
    () => splitByUsers([], { validation: 0, test: 0, seed: 0.5 }),
    'seed must be an integer',
  ],
])('%s is refused', (_, act, message) => {
  const error = thrownBy(act);

  expect(error).toBeInstanceOf(RangeError);
  expect((error as Error).message).toContain(message);
  expect(isActionable(error)).toBe(true);
});

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}

import {
  type FromInteractionsOptions,
  fromInteractions,
  type Interaction,
  InteractionError,
  TimesMissingError,
} from '@rodpo/data';
import { isActionable } from '@rodpo/errors';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const id = (letter: string) =>
  fc
    .nat(5)
    .chain((number) =>
      fc.constantFrom<string | number | bigint>(
        `${letter}${number}`,
        number,
        `${number}`,
        BigInt(number),
      ),
    );
const rows = (times: boolean) =>
  fc.array(
    fc.record({
      user: id('u'),
      item: id('i'),
      rating: fc.integer({ min: 1, max: 5 }),
      ...(times ? { time: fc.integer({ min: -3, max: 3 }) } : {}),
    }),
    { maxLength: 40 },
  );
const anyRows = fc.boolean().chain(rows);

/** The slow way: names all along, and stable sorts of whole lists. */
function naive(all: readonly Interaction[], minRating: number) {
  const kept = all
    .filter(({ rating }) => rating! >= minRating)
    .map(({ user, item, time }) => ({ user: `${user}`, item: `${item}`, time: time as number }));
  const userIds = [...new Set(kept.map(({ user }) => user))];
  const seen = [...new Set(kept.map(({ item }) => item))];
  const areIntegers = seen.every((item) => /^\d+$/.test(item));
  const itemIds = areIntegers ? seen.toSorted((a, b) => Number(a) - Number(b)) : seen;
  const own = userIds.map((id) =>
    kept.filter(({ user }) => user === id).toSorted((a, b) => a.time - b.time || 0),
  );
  const tied = own.flatMap((list) =>
    list.filter((one) => list.some((other) => other !== one && other.time === one.time)),
  );
  return {
    kept: kept.length,
    userIds,
    itemIds,
    sequences: own.map((list) => Int32Array.from(list, ({ item }) => itemIds.indexOf(item))),
    times: own.map((list) => Float64Array.from(list, ({ time }) => time)),
    tied: tied.length,
  };
}

test('rows become what their definition says', () => {
  fc.assert(
    fc.property(anyRows, fc.integer({ min: 1, max: 6 }), (all, minRating) => {
      const { kept, tied, times, ...expected } = naive(all, minRating);
      const { dataset, report } = fromInteractions(all, { minRating });
      const hasTimes = all.length > 0 && all[0]!.time !== undefined;

      expect(dataset).toEqual({ ...expected, ...(hasTimes ? { times } : {}) });
      expect(report).toEqual({
        rows: all.length,
        kept,
        users: expected.userIds.length,
        items: expected.itemIds.length,
        ...(hasTimes ? { tiedShare: kept === 0 ? 0 : tied / kept } : {}),
      });
    }),
    { numRuns: 300 },
  );
});

async function* streamOf(all: readonly Interaction[]) {
  for (const row of all) yield row;
}

function columnsOf(all: readonly Interaction[]) {
  const times = all.map(({ time }) => time as number);
  return {
    users: all.map(({ user }) => user),
    items: all.map(({ item }) => item),
    ratings: all.map(({ rating }) => rating!),
    ...(times[0] === undefined ? {} : { times }),
  };
}

test('rows, a generator of rows, columns and a stream of rows are one', async () => {
  await fc.assert(
    fc.asyncProperty(anyRows, async (all) => {
      const expected = fromInteractions(all, { minRating: 3 });

      expect(fromInteractions(new Set(all), { minRating: 3 })).toEqual(expected);
      expect(fromInteractions(columnsOf(all), { minRating: 3 })).toEqual(expected);
      expect(await fromInteractions(streamOf(all), { minRating: 3 })).toEqual(expected);
    }),
  );
});

test('columns may be typed arrays', () => {
  const { dataset } = fromInteractions({
    users: BigInt64Array.of(2n ** 62n, 7n, 2n ** 62n),
    items: Int32Array.of(30, 4, 4),
    times: Float64Array.of(20, 10, 10),
  });

  expect(dataset).toEqual({
    userIds: [`${2n ** 62n}`, '7'],
    itemIds: ['4', '30'],
    sequences: [Int32Array.of(0, 1), Int32Array.of(0)],
    times: [Float64Array.of(10, 20), Float64Array.of(10)],
  });
});

test('more rows than a block holds', () => {
  const count = 70_000;
  const users = Int32Array.from({ length: count }, (_, row) => row % 7);
  const items = Int32Array.from({ length: count }, (_, row) => row % 1009);
  const times = Float64Array.from({ length: count }, (_, row) => count - row);
  const { dataset, report } = fromInteractions({ users, items, times });

  expect(report).toEqual({ rows: count, kept: count, users: 7, items: 1009, tiedShare: 0 });
  for (const [user, sequence] of dataset.sequences.entries()) {
    const own = [...users.keys()].filter((row) => users[row] === user).reverse();
    expect(sequence.join()).toBe(own.map((row) => items[row]).join());
    expect(dataset.times!.at(user)!.join()).toBe(own.map((row) => times.at(row)).join());
  }
});

const second = Date.UTC(2020, 1, 2) / 1000;

test.each<[string, Interaction['time'], FromInteractionsOptions, string | undefined, number]>([
  ['a Date', new Date(second * 1000 + 5), {}, 'milliseconds', second + 0.005],
  ['a Date with a unit', new Date(second * 1000), { timeUnit: 'seconds' }, 'milliseconds', second],
  ['milliseconds', second * 1000, {}, 'milliseconds', second],
  ['a bigint', BigInt(second) * 1_000_000n, {}, 'microseconds', second],
  ['seconds', second, {}, 'seconds', second],
  ['a number of days', 18_000, {}, undefined, 18_000],
  ['small numbers with a unit', 18_000, { timeUnit: 'milliseconds' }, 'milliseconds', 18],
])('%s becomes seconds', (_, time, options, unit, expected) => {
  const { dataset, report } = fromInteractions([{ user: 'a', item: 'b', time: time! }], options);

  expect(dataset.times).toEqual([Float64Array.of(expected)]);
  expect(report.timeUnit).toBe(unit);
});

test('order is by the times that came, before they are rounded to seconds', () => {
  // At 1.1e18 ns, numbers are 128 ns apart; at 1.1e9 s, 238 ns: two times become one.
  const base = 1.1e18;
  const { dataset, report } = fromInteractions([
    { user: 'a', item: 'later', time: base + 256 },
    { user: 'a', item: 'earlier', time: base + 128 },
  ]);

  expect(dataset.sequences.at(0)).toEqual(Int32Array.of(1, 0));
  expect(dataset.times!.at(0)![0]).toBe(dataset.times!.at(0)![1]);
  expect(report).toMatchObject({ timeUnit: 'nanoseconds', tiedShare: 1 });
});

test('7, 7n and "7" are one id, and "07" is another', () => {
  const { dataset } = fromInteractions([
    { user: 7, item: 'a' },
    { user: '7', item: 'b' },
    { user: '07', item: 'c' },
    { user: 7n, item: 'd' },
    { user: -0, item: 'e' },
  ]);

  expect(dataset.userIds).toEqual(['7', '07', '0']);
  expect(dataset.sequences.at(0)).toEqual(Int32Array.of(0, 1, 3));
  expect(dataset.times).toBeUndefined();
});

test('nothing is an empty dataset', () => {
  const empty = { userIds: [], itemIds: [], sequences: [] };

  for (const none of [[], { users: [], items: [] }]) {
    expect(fromInteractions(none, { timeUnit: 'seconds' }).dataset).toEqual(empty);
  }
});

const good: Interaction = { user: 'a', item: 'b', time: 1, rating: 1 };
const refused: [string, object | null, string, RegExp][] = [
  [
    'a number too large',
    { user: 2 ** 53 },
    'user',
    /got 9007199254740992\. Read such ids as texts/,
  ],
  ['a fraction', { item: 1.5 }, 'item', /got 1\.5\./],
  ['not a number', { user: Number.NaN }, 'user', /got NaN/],
  ['null', { item: null }, 'item', /got null/],
  ['nothing', { user: undefined }, 'user', /got nothing/],
  ['an empty text', { user: '' }, 'user', /got ""/],
  ['half a character', { item: 'x\ud800' }, 'item', /got "x\\u\{d800\}"/],
  ['a truth', { item: true }, 'item', /type boolean/],
  ['an object', { user: {} }, 'user', /type object/],
  ['no time', { time: undefined }, 'time', /expected a number, as in the first row, got nothing/],
  ['a time of null', { time: null }, 'time', /as in the first row, got null/],
  ['a Date among numbers', { time: new Date(0) }, 'time', /as in the first row, got a Date/],
  [
    'a time without end',
    { time: Number.POSITIVE_INFINITY },
    'time',
    /a finite number.* got Infinity/,
  ],
  ['a time as text', { time: '5' }, 'time', /a finite number.* got "5"/],
  ['a bigint of nanoseconds', { time: 10n ** 18n }, 'time', /bigint "10+".*coarser unit/],
  ['no rating', { rating: undefined }, 'rating', /since minRating is given, got nothing/],
  ['a rating that is none', { rating: Number.NaN }, 'rating', /got NaN/],
  ['a row that is null', null, 'user', /got nothing/],
];

test.each(refused)('%s is refused, with row and column', async (_, change, column, message) => {
  const bad = (change === null ? null : { ...good, ...change }) as Interaction;
  const all = [good, { ...good, rating: 0 }, bad];
  const errors = [
    thrownBy(() => fromInteractions(all, { minRating: 1 })),
    await fromInteractions(streamOf(all), { minRating: 1 }).catch((error: unknown) => error),
  ];

  for (const error of errors) {
    expect(error).toBeInstanceOf(InteractionError);
    expect(error).toMatchObject({ row: 3, column, message: expect.stringMatching(message) });
    expect((error as Error).message).toMatch(new RegExp(`^row 3, ${column}: expected `));
    expect(isActionable(error)).toBe(true);
  }
});

test('a time is refused where the first row has none, and a wrong Date among Dates', () => {
  const timed = [
    { user: 1, item: 1 },
    { user: 1, item: 1, time: 5 },
  ];
  const dated = [{ user: 1, item: 1, time: new Date(Number.NaN) }];

  expect(() => fromInteractions(timed)).toThrow(/row 2, time: expected no time, .* got 5/);
  expect(() => fromInteractions(dated)).toThrow(/row 1, time: .*valid, got an invalid Date/);
});

test('hostile values make a short message that no terminal acts on', () => {
  const hostile = '\u001b[31m\u0007'.padEnd(1_000_000, 'x');
  for (const row of [
    { user: 'a', item: 'b', time: hostile },
    { user: `${hostile}\ud800`, item: 1 },
  ]) {
    const { message } = thrownBy(() => fromInteractions([row as never])) as Error;
    expect(message.length).toBeLessThan(500);
    expect(message).not.toMatch(/\p{Cc}/u);
  }
});

test('columns of different lengths, a wrong minRating and a unit of no times are refused', () => {
  const columns = { users: [1, 2], items: [1, 2] };
  const wrong = [
    { ...columns, items: [1] },
    { ...columns, times: [1, 2, 3] },
    { ...columns, ratings: [] },
    { users: [1, 2] },
  ];

  for (const one of wrong) {
    const error = thrownBy(() => fromInteractions(one as never));
    expect(error).toBeInstanceOf(RangeError);
    expect((error as Error).message).toMatch(/for each of the 2 users, got (1|3|0|none)\./);
    expect(isActionable(error)).toBe(true);
  }
  expect(() => fromInteractions(columns, { minRating: Number.NaN })).toThrow(/minRating must be/);
  expect(() => fromInteractions(columns, { timeUnit: 'seconds' })).toThrow(TimesMissingError);
});

test('a stream that is refused is closed', async () => {
  let closed = false;
  async function* endless() {
    try {
      for (;;) yield { user: '', item: 1 };
    } finally {
      closed = true;
    }
  }

  await expect(fromInteractions(endless())).rejects.toThrow(InteractionError);
  expect(closed).toBe(true);
});

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}

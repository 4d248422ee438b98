import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GatheredRows } from '../src/dataset/gathered-rows.ts';

const userIds = ['a', 'b', 'c', 'd', 'e'];
const itemIds = Array.from({ length: 51 }, (_, item) => `i${item}`);

interface Row {
  readonly user: number;
  readonly item: number;
  readonly time: number;
}

const interactions = fc.array(
  fc.record({ user: fc.nat(4), item: fc.nat(50), time: fc.integer({ min: -9, max: 9 }) }),
  { maxLength: 400 },
);

/** Sorted by Array.prototype.sort, which is stable. */
function naive(rows: readonly Row[], user: number) {
  return rows.filter((row) => row.user === user).sort((a, b) => a.time - b.time);
}

function gathered(rows: readonly Row[]): GatheredRows {
  const result = new GatheredRows(true);
  for (const { user, item, time } of rows) result.push(user, item, time);
  return result;
}

test('each user has their interactions by time, ties in the order of the rows', () => {
  fc.assert(
    fc.property(interactions, (rows) => {
      const { sequences, times } = gathered(rows).dataset(userIds, itemIds);

      for (let user = 0; user < 5; user++) {
        const expected = naive(rows, user);
        expect([...sequences.at(user)!]).toEqual(expected.map(({ item }) => item));
        expect([...times!.at(user)!]).toEqual(expected.map(({ time }) => time));
      }
    }),
  );
});

test('one user with many interactions', () => {
  const rows = Array.from({ length: 1000 }, (_, row) => ({
    user: 0,
    item: row % 51,
    time: (row * 7) % 13,
  }));

  const { sequences } = gathered(rows).dataset(['a'], itemIds);

  expect([...sequences.at(0)!]).toEqual(naive(rows, 0).map(({ item }) => item));
});

test('without times the order of the rows stays', () => {
  const rows = new GatheredRows(false);
  rows.push(2, 7, Number.NaN);
  rows.push(0, 9, Number.NaN);
  rows.push(0, 8, Number.NaN);

  const { sequences, times } = rows.dataset(['a', 'b', 'c'], itemIds);

  expect(sequences).toEqual([Int32Array.of(9, 8), Int32Array.of(), Int32Array.of(7)]);
  expect(times).toBeUndefined();
});

test('rows that come many at a time are as those that come one by one, over all blocks', () => {
  const count = 300_000;
  const row = (index: number) => ({ user: index % 5, item: (index * 7) % 51, time: index % 1000 });
  const rows = Array.from({ length: count }, (_, index) => row(index));
  const atOnce = new GatheredRows(true);
  for (let begin = 0; begin < count; begin += 70_001) {
    const own = rows.slice(begin, begin + 70_001);
    atOnce.pushAll(
      Int32Array.from(own, ({ user }) => user),
      Int32Array.from(own, ({ item }) => item),
      {
        values: Float64Array.from(own, ({ time }) => time).reverse(),
        places: Int32Array.from(own, (_, index) => own.length - 1 - index),
      },
    );
  }

  const whole = atOnce.dataset(userIds, itemIds);
  const oneByOne = gathered(rows).dataset(userIds, itemIds);

  expect(whole.sequences.values.length).toBe(count);
  expect(Buffer.compare(bytes(whole.sequences.values), bytes(oneByOne.sequences.values))).toBe(0);
  expect(Buffer.compare(bytes(whole.times!.values), bytes(oneByOne.times!.values))).toBe(0);
});

const bytes = ({ buffer }: Int32Array | Float64Array) => new Uint8Array(buffer);

test('the shares of laying out rise to 1', () => {
  const rows = gathered(
    Array.from({ length: 99 }, (_, row) => ({ user: 0, item: row % 9, time: 0 })),
  );
  const shares = [...rows.layOut(['a'], itemIds)];

  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
});

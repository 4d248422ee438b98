import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeByUser } from '../src/dataset/place-by-user.ts';

const interactions = fc.array(
  fc.record({ user: fc.nat(4), item: fc.nat(50), time: fc.integer({ min: -9, max: 9 }) }),
  { maxLength: 400 },
);

/** Sorted by Array.prototype.sort, which is stable. */
function naive(rows: readonly { user: number; item: number; time: number }[], user: number) {
  return rows.filter((row) => row.user === user).sort((a, b) => a.time - b.time);
}

function counted(rows: readonly { user: number }[]): Int32Array {
  const counts = new Int32Array(5);
  for (const { user } of rows) counts[user]!++;
  return counts;
}

test('each user has their interactions by time, ties in the order of placing', () => {
  fc.assert(
    fc.property(interactions, (rows) => {
      const placement = placeByUser(counted(rows), true);
      for (const { user, item, time } of rows) placement.place(user, item, time);
      const { sequences, times } = placement.finish();

      for (let user = 0; user < 5; user++) {
        const expected = naive(rows, user);
        expect([...sequences.at(user)!]).toEqual(expected.map(({ item }) => item));
        expect([...times!.at(user)!]).toEqual(expected.map(({ time }) => time));
      }
    }),
  );
});

test('one user with many interactions', () => {
  const rows = Array.from({ length: 1000 }, (_, item) => ({
    user: 0,
    item,
    time: (item * 7) % 13,
  }));
  const placement = placeByUser(Int32Array.of(rows.length), true);
  for (const { user, item, time } of rows) placement.place(user, item, time);

  expect([...placement.finish().sequences.at(0)!]).toEqual(naive(rows, 0).map(({ item }) => item));
});

test('without times the order of placing stays', () => {
  const placement = placeByUser(Int32Array.of(2, 0, 1), false);
  placement.place(2, 7, Number.NaN);
  placement.place(0, 9, Number.NaN);
  placement.place(0, 8, Number.NaN);

  expect(placement.finish()).toEqual({
    sequences: [Int32Array.of(9, 8), Int32Array.of(), Int32Array.of(7)],
  });
});

import { FlatSequences, leaveOneOut } from '@rodpo/data';
import fc from 'fast-check';
import { expect, test } from 'vitest';

test('the last item tests, the one before validates, the rest trains', () => {
  const split = leaveOneOut([
    Int32Array.of(4, 5),
    Int32Array.of(1, 2, 3),
    Int32Array.of(9, 8, 7, 6),
  ]);

  expect(split).toEqual({
    train: [Int32Array.of(4, 5), Int32Array.of(1), Int32Array.of(9, 8)],
    validation: [
      { user: 1, history: Int32Array.of(1), target: 2 },
      { user: 2, history: Int32Array.of(9, 8), target: 7 },
    ],
    test: [
      { user: 1, history: Int32Array.of(1, 2), target: 3 },
      { user: 2, history: Int32Array.of(9, 8, 7), target: 6 },
    ],
  });
});

test('loses nothing and invents nothing', () => {
  const sequence = fc.array(fc.nat(99), { maxLength: 7 }).map((items) => Int32Array.from(items));

  fc.assert(
    fc.property(fc.array(sequence, { maxLength: 8 }), (sequences) => {
      const { train, validation, test: tests } = leaveOneOut(sequences);
      const long = [...sequences.keys()].filter((user) => sequences[user]!.length >= 3);

      expect(train).toHaveLength(sequences.length);
      expect([...validation].map(({ user }) => user)).toEqual(long);
      for (const [index, user] of long.entries()) {
        const { history, target } = tests.at(index)!;
        const { history: earlier, target: held } = validation.at(index)!;
        expect([...history, target]).toEqual([...sequences[user]!]);
        expect([...earlier, held]).toEqual([...history]);
        expect(earlier).toEqual(train.at(user));
      }
      for (const [user, own] of sequences.entries()) {
        if (own.length < 3) expect(train.at(user)).toEqual(own);
      }
    }),
  );
});

test('copies nothing', () => {
  const sequence = Int32Array.of(1, 2, 3, 4);
  const flat = FlatSequences.ofLengths(sequence, [4]);
  const { train, validation, test: tests } = leaveOneOut(flat);

  for (const view of [train.at(0)!, validation.at(0)!.history, tests.at(0)!.history]) {
    expect(view.buffer).toBe(sequence.buffer);
  }
});

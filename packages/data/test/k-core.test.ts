import { kCore, type SequenceDataset } from '@rodpo/data';
import { range } from '@rodpo/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';

/** Users u0, u1, … with items 'a' to 'z'. */
function dataset(...sequences: string[]): SequenceDataset {
  const itemIds = [...new Set(sequences.join(''))].sort();
  return {
    userIds: sequences.map((_, user) => `u${user}`),
    itemIds,
    sequences: sequences.map((items) => Int32Array.from(items, (id) => itemIds.indexOf(id))),
  };
}

const named = ({ userIds, itemIds, sequences }: SequenceDataset) =>
  Object.fromEntries(
    userIds.map((user, index) => [
      user,
      Array.from(sequences.at(index)!, (item) => itemIds[item]).join(''),
    ]),
  );

test('removes in rounds until stable, keeps order and numbers anew', () => {
  // d occurs once, so u2 falls to one item; then c occurs once, so it leaves u1.
  const core = kCore(dataset('ba', 'bca', 'dc', 'ab'), {
    minUserInteractions: 2,
    minItemInteractions: 2,
  });

  expect(core).toEqual({
    userIds: ['u0', 'u1', 'u3'],
    itemIds: ['a', 'b'],
    sequences: [Int32Array.of(1, 0), Int32Array.of(1, 0), Int32Array.of(0, 1)],
  });
});

test('times leave with their items and users', () => {
  // As above: u2 leaves, and c from the middle of u1.
  const times = [
    [5, 6],
    [1, 2, 3],
    [7, 8],
    [4, 4],
  ].map((own) => Float64Array.from(own));
  const core = kCore(
    { ...dataset('ba', 'bca', 'dc', 'ab'), times },
    { minUserInteractions: 2, minItemInteractions: 2 },
  );

  expect(core.sequences).toEqual([Int32Array.of(1, 0), Int32Array.of(1, 0), Int32Array.of(0, 1)]);
  expect(core.times).toEqual([Float64Array.of(5, 6), Float64Array.of(1, 3), Float64Array.of(4, 4)]);
});

test('asks for five of each by default', () => {
  const five = ['abcde', 'abcde', 'abcde', 'abcde', 'abcde'];

  expect(named(kCore(dataset(...five, 'abcd')))).toEqual(named(dataset(...five)));
});

test('counts a repeated interaction each time', () => {
  const thresholds = { minUserInteractions: 3, minItemInteractions: 3 };

  expect(named(kCore(dataset('aaa', 'b'), thresholds))).toEqual({ u0: 'aaa' });
});

test('is the maximal core: agrees with trying every subset of users and items', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd'), maxLength: 5 });
  const threshold = fc.integer({ min: 1, max: 3 });

  fc.assert(
    fc.property(
      fc.array(letters, { minLength: 1, maxLength: 4 }),
      threshold,
      threshold,
      (sequences, minUserInteractions, minItemInteractions) => {
        const best = bruteForce(sequences, minUserInteractions, minItemInteractions);
        const core = () =>
          kCore(dataset(...sequences), { minUserInteractions, minItemInteractions });

        if (Object.keys(best).length === 0) expect(core).toThrow(RangeError);
        else expect(named(core())).toEqual(best);
      },
    ),
    { numRuns: 200 },
  );
});

test('every item that stays keeps its own time, repeated ones too', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd'), maxLength: 8 });
  const thresholds = { minUserInteractions: 2, minItemInteractions: 2 };

  fc.assert(
    fc.property(fc.array(letters, { minLength: 1, maxLength: 5 }), (sequences) => {
      fc.pre(Object.keys(bruteForce(sequences, 2, 2)).length > 0); // else nothing is left
      const chosen: string[] = []; // what was chosen when, by a clock that all users share
      const times = sequences.map((items, user) =>
        Float64Array.from(items, (item) => chosen.push(`u${user} ${item}`) - 1),
      );
      const plain = dataset(...sequences);
      const { times: kept, ...core } = kCore({ ...plain, times }, thresholds);
      const { userIds, itemIds } = core;
      const pairs = [...core.sequences].map((own, user) =>
        Array.from(own, (item) => `${userIds[user]} ${itemIds[item]}`),
      );

      expect(core).toEqual(kCore(plain, thresholds));
      expect([...kept!].map((own) => Array.from(own, (time) => chosen[time]))).toEqual(pairs);
      for (const own of kept!) expect(own).toEqual(own.toSorted());
      expect(new Set([...kept!].flatMap((own) => [...own])).size).toBe(pairs.flat().length);
    }),
    { numRuns: 100 },
  );
});

/** Of all subsets of users and items that meet both thresholds, the one with most interactions. */
function bruteForce(sequences: string[], minUser: number, minItem: number): object {
  let best: [string, string][] = [];
  for (let users = 0; users < 2 ** sequences.length; users++) {
    for (let items = 0; items < 16; items++) {
      const kept = sequences
        .map((own, user): [string, string] => [
          `u${user}`,
          [...own].filter((id) => (items >> 'abcd'.indexOf(id)) & 1).join(''),
        ])
        .filter((_, user) => (users >> user) & 1);
      const all = kept.map(([, own]) => own).join('');
      const isCore =
        kept.every(([, own]) => own.length >= minUser) &&
        [...all].every((id) => all.split(id).length - 1 >= minItem);
      if (isCore && all.length > best.map(([, own]) => own).join('').length) best = kept;
    }
  }
  return Object.fromEntries(best);
}

test('agrees with removing in rounds, as the definition says', () => {
  const itemCount = 12;
  const sequence = fc.array(fc.nat(itemCount - 2), { maxLength: 9 });
  const threshold = fc.integer({ min: 1, max: 4 });

  fc.assert(
    fc.property(
      fc.array(sequence, { minLength: 1, maxLength: 12 }),
      threshold,
      threshold,
      (users, minUserInteractions, minItemInteractions) => {
        const { left, rounds } = inRounds(users, minUserInteractions, minItemInteractions);
        fc.pre(left.length > 0 && rounds > 1);
        const core = kCore(
          {
            userIds: users.map((_, user) => `u${user}`),
            itemIds: range(itemCount).map((item) => `i${item}`), // the last has no users
            sequences: users.map((own) => Int32Array.from(own)),
            times: users.map((own) => Float64Array.from(own, (_, place) => place)),
          },
          { minUserInteractions, minItemInteractions },
        );
        const triples = [...core.sequences].flatMap((own, user) =>
          Array.from(own, (item, place) => [
            core.userIds[user],
            core.itemIds[item],
            core.times!.at(user)![place],
          ]),
        );

        expect(triples).toEqual(left.map(([u, i, time]) => [`u${u}`, `i${i}`, time]));
        expect(core.userIds).toEqual([...new Set(triples.map(([user]) => user))]);
        expect(core.itemIds).toEqual(
          range(itemCount)
            .map((item) => `i${item}`)
            .filter((id) => triples.some(([, item]) => item === id)),
        );
      },
    ),
  );
});

/** Triples of user, item and place, and every round counts all of them anew. */
function inRounds(users: readonly number[][], minUser: number, minItem: number) {
  let left = users.flatMap((own, user) => own.map((item, place) => [user, item, place] as const));
  for (let rounds = 1; ; rounds++) {
    const many = (column: 0 | 1, value: number) =>
      left.filter((triple) => triple[column] === value).length;
    const next = left.filter(([u, i]) => many(0, u) >= minUser && many(1, i) >= minItem);
    if (next.length === left.length) return { left, rounds };
    left = next;
  }
}

test('a chain in which each removal causes the next takes linear time', () => {
  // User k has items k and k + 1, and all ask for two: item 0 has one user, so user 0 falls to one
  // item, so item 1 … until the last user, who has the last item twice.
  const length = 100_000;
  const ids = range(length + 1).map(String);
  const chain = range(length).map((user) => Int32Array.of(user, user + 1));
  const core = kCore(
    { userIds: ids, itemIds: ids, sequences: [...chain, Int32Array.of(length, length)] },
    { minUserInteractions: 2, minItemInteractions: 2 },
  );

  expect(core).toEqual({
    userIds: [`${length}`],
    itemIds: [`${length}`],
    sequences: [Int32Array.of(0, 0)],
  });
});

test('copies nothing where everything stays', () => {
  const whole = { ...dataset('ab', 'ba'), times: [Float64Array.of(1, 2), Float64Array.of(3, 4)] };
  const core = kCore(whole, { minUserInteractions: 2, minItemInteractions: 2 });

  expect(core).toEqual(whole);
  expect(core.sequences).toBe(whole.sequences);
});

test('says which thresholds emptied the data', () => {
  expect(() => kCore(dataset('ab', 'ab'), { minItemInteractions: 3 })).toThrow(
    new RangeError(
      'expected some interactions to remain, got none with minUserInteractions 5 and ' +
        'minItemInteractions 3. Lower a threshold.',
    ),
  );
});

test.each([0, -1, 1.5, Number.NaN])('rejects threshold %d', (value) => {
  expect(() => kCore(dataset('ab'), { minUserInteractions: value })).toThrow(
    `minUserInteractions must be a positive integer, got ${value}`,
  );
  expect(() => kCore(dataset('ab'), { minItemInteractions: value })).toThrow(RangeError);
});

test.each([
  ['too few', [[1], [1, 2]], '2 items of user 0, got 1'],
  [
    'too many',
    [
      [1, 2],
      [1, 2, 3],
    ],
    '2 items of user 1, got 3',
  ],
  ['none for a user', [[1, 2]], '2 items of user 1, got none'],
  ['some for nobody', [[1, 2], [1, 2], []], '0 items of user 2, got 0'],
])('rejects times that are not in step: %s', (_, times, problem) => {
  const outOfStep = { ...dataset('ab', 'ab'), times: times.map((own) => Float64Array.from(own)) };

  expect(() => kCore(outOfStep)).toThrow(
    new RangeError(
      `times must have one entry for each of the ${problem}. Correct them, or leave times out.`,
    ),
  );
});

import { createHash } from 'node:crypto';
import { seededRandom } from '@rodpo/random';
import {
  latentTastes,
  type Storefront,
  type StorefrontOptions,
  selectTastes,
  simulateInSteps,
  simulateStorefront,
} from '@rodpo/simulator';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const smallOptions = fc
  .record({
    userCount: fc.integer({ min: 1, max: 12 }),
    itemCount: fc.integer({ min: 12, max: 60 }),
    likedShare: fc.double({ min: 0, max: 1, noNaN: true }),
    minClicks: fc.integer({ min: 1, max: 6 }),
    medianClicks: fc.integer({ min: 6, max: 8 }),
    maxClicks: fc.integer({ min: 8, max: 12 }),
    slateSize: fc.integer({ min: 1, max: 15 }),
    maxClicksPerVisit: fc.integer({ min: 1, max: 4 }),
    maxVisits: fc.integer({ min: 1, max: 20 }),
    hiddenShare: fc.constantFrom(0, 0.2, 1),
  })
  .map((options) => options satisfies StorefrontOptions);

/** Runs a check on small storefronts of every kind. */
function forSmallStorefronts(
  check: (storefront: Storefront, options: Required<Omit<StorefrontOptions, 'exposure'>>) => void,
) {
  const options = smallOptions.map((some) => ({ popularitySkew: 1, complementLift: 2, ...some }));
  fc.assert(
    fc.property(options, fc.nat(), (some, seed) => {
      check(simulateStorefront(some, seededRandom(seed)), some);
    }),
    { numRuns: 40 },
  );
}

test('equal seeds give equal storefronts, other seeds others', () => {
  const options = { userCount: 20, itemCount: 80 };
  const simulate = (seed: number) => {
    const { likes, affinity, ...facts } = simulateStorefront(options, seededRandom(seed));
    return { ...facts, affinities: facts.userIds.map((_, user) => affinity(user)) };
  };

  expect(simulate(1)).toEqual(simulate(1));
  expect(simulate(1).sequences).not.toEqual(simulate(2).sequences);
});

test('in steps it is the same storefront, with the share that is done after each user', () => {
  const options = { userCount: 4, itemCount: 60 };
  const steps = simulateInSteps(options, seededRandom(3));
  const shares: number[] = [];
  let step = steps.next();
  for (; !step.done; step = steps.next()) shares.push(step.value);
  const whole = simulateStorefront(options, seededRandom(3));

  expect(shares).toEqual([0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1]);
  expect(step.value.sequences).toEqual(whole.sequences);
  expect(step.value.times).toEqual(whole.times);
  expect(step.value.tastes).toEqual(whole.tastes);
});

test('storefronts are those that the simulator gave when tastes were a matrix', () => {
  const digestOf = (parts: Iterable<Uint8Array | Int32Array | Float64Array>) => {
    const hash = createHash('sha256');
    for (const part of parts) hash.update(part);
    return hash.digest('hex').slice(0, 16);
  };
  const options = { userCount: 200, itemCount: 120 };
  const { userIds, products, likes, shown, times } = simulateStorefront(options, seededRandom(7));
  const matrix = (holds: (user: number, item: number) => boolean) => [
    Uint8Array.from(userIds.flatMap((_, user) => [...products.keys()].map((i) => +holds(user, i)))),
  ];

  // Of commit 795706d, Node 20.20.2: `liked`, `shown` and `times` of the same call.
  expect(digestOf(matrix(likes))).toBe('9ffe15ca1b65db49');
  expect(digestOf(matrix((user, item) => shown[user]!.includes(item)))).toBe('f643620186ad4182');
  expect(digestOf(times)).toBe('4663c25b1703fa82');
});

test('a sequence has no item twice, none out of range, and a length within bounds', () => {
  forSmallStorefronts(({ sequences }, { userCount, itemCount, minClicks, maxClicks }) => {
    expect(sequences.length).toBe(userCount);
    for (const sequence of sequences) {
      expect(new Set(sequence).size).toBe(sequence.length);
      expect(sequence.every((item) => item >= 0 && item < itemCount)).toBe(true);
      expect(sequence.length).toBeGreaterThanOrEqual(minClicks);
      expect(sequence.length).toBeLessThanOrEqual(maxClicks);
    }
  });
});

test('every click has a time in whole seconds, later than the click before', () => {
  forSmallStorefronts(({ sequences, times }) => {
    expect(times.map(({ length }) => length)).toEqual(sequences.map(({ length }) => length));
    for (const own of times) {
      expect(own.every((time) => Number.isInteger(time) && time > 0)).toBe(true);
      expect(own.every((time, click) => click === 0 || time > own[click - 1]!)).toBe(true);
    }
  });
});

test('times are drawn when all else has been', () => {
  const options = { userCount: 20, itemCount: 80 };
  const replaced = (from: number) => {
    const random = seededRandom(1);
    let drawn = 0;
    const { times, likes, affinity, ...rest } = simulateStorefront(options, () => {
      const value = random();
      return drawn++ < from ? value : 0.5;
    });
    return { times, rest, drawn };
  };
  const whole = replaced(Number.POSITIVE_INFINITY);
  const clicks = whole.rest.sequences.reduce((total, { length }) => total + length, 0);
  // Each user's clock starts with one draw, and each click takes one or more.
  const changed = replaced(whole.drawn - clicks - options.userCount);

  expect(changed.rest).toEqual(whole.rest);
  expect(changed.times).not.toEqual(whole.times);
});

test('everything is indexed by user and item, and ids differ', () => {
  forSmallStorefronts(({ products, userIds, shown, affinity }, { userCount, itemCount }) => {
    expect(new Set(products.map(({ id }) => id)).size).toBe(itemCount);
    expect(new Set(userIds).size).toBe(userCount);
    expect([shown.length, affinity(userCount - 1).length]).toEqual([userCount, itemCount]);
  });
});

test('nobody clicks what was not shown', () => {
  forSmallStorefronts(({ sequences, shown }) => {
    for (const [user, sequence] of sequences.entries()) {
      const seen = new Set(shown[user]);
      expect(seen.size).toBe(shown[user]!.length);
      expect(sequence.every((item) => seen.has(item))).toBe(true);
    }
  });
});

test('likes and affinity say the same', () => {
  forSmallStorefronts(({ userIds, products, likes, affinity }) => {
    for (const user of userIds.keys()) {
      const logits = affinity(user);
      for (const item of products.keys()) expect(likes(user, item)).toBe(logits[item]! >= 0);
    }
  });
});

test('tastes are worked out from plain arrays, which can be selected from', () => {
  const { likes, affinity, tastes } = simulateStorefront(
    { userCount: 9, itemCount: 70 },
    seededRandom(2),
  );
  const [users, items] = [Int32Array.of(8, 0, 3, 3), Int32Array.of(69, 0, 12, 30, 31)];
  const some = latentTastes(selectTastes(tastes, users, items));

  for (const [row, user] of users.entries()) {
    expect(some.affinity(row)).toEqual(Float32Array.from(items, (item) => affinity(user)[item]!));
    for (const [column, item] of items.entries()) {
      expect(some.likes(row, column)).toBe(likes(user, item));
    }
  }
  expect(() => selectTastes(tastes, Int32Array.of(9), items)).toThrow(RangeError);
  expect(() => selectTastes(tastes, users, Int32Array.of(-1))).toThrow(RangeError);
});

test('a source of exposure can be turned off', () => {
  const exposure = { popular: 1, browsing: 0, complements: 0, random: 0 };
  const options = { userCount: 50, itemCount: 400, popularitySkew: 3, maxVisits: 10, exposure };
  const { shown } = simulateStorefront(options, seededRandom(3));
  const exposed = new Set(shown.flatMap((own) => [...own]));

  // Nothing but best sellers of a steep list, and what impatient users search for: few per user.
  expect(shown.reduce((sum, { length }) => sum + length, 0) / 50).toBeLessThan(30);
  expect(exposed.size).toBeLessThan(300);
});

test.each([
  [{ userCount: 0 }, 'userCount must be a positive integer, got 0'],
  [{ slateSize: 2.5 }, 'slateSize must be a positive integer, got 2.5'],
  [{ likedShare: 2 }, 'likedShare must lie between 0 and 1, got 2'],
  [{ hiddenShare: Number.NaN }, 'hiddenShare must lie between 0 and 1, got NaN'],
  [{ itemCount: 30 }, /^itemCount must be at least maxClicks, 50, .*: got 30$/],
  [{ maxClicks: 4 }, /^maxClicks must lie between 5 and .*, got 4$/],
  [{ medianClicks: 3 }, 'medianClicks must lie between 5 and 50, got 3'],
  [{ exposure: { random: -1 } }, /^exposure\.random must lie between 0 and .*, got -1$/],
  [
    { exposure: { popular: 0, browsing: 0, complements: 0, random: 0 } },
    'exposure must give at least one source a weight above 0, got 0 for all',
  ],
])('refuses %o', (options, message) => {
  expect(() => simulateStorefront(options, seededRandom(1))).toThrow(
    expect.objectContaining({ name: 'RangeError', message: expect.stringMatching(message) }),
  );
});

test('refuses users and items that are not there', () => {
  const options = { userCount: 2, itemCount: 60 };
  const { likes, affinity } = simulateStorefront(options, seededRandom(1));

  expect(() => likes(2, 0)).toThrow(new RangeError('user must be an index from 0 to 1, got 2'));
  expect(() => likes(0, -1)).toThrow(new RangeError('item must be an index from 0 to 59, got -1'));
  expect(() => affinity(0.5)).toThrow(RangeError);
});

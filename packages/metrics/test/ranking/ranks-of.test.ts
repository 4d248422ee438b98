import { mrrAt, rankOfTarget, ranksOf, type TiePolicy } from '@rodpo/metrics';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const policies = ['pessimistic', 'optimistic', 'average', 'id'] as const;

test('places in one list, in the order of the relevant items', () => {
  //               item:  0    1    2    3    4
  const scores = [0.9, 0.1, 0.8, 0.7, 0.3];

  expect(ranksOf(scores, [3, 0, 1])).toEqual(Float64Array.of(3, 1, 5));
  expect(ranksOf(Float32Array.from(scores), Int32Array.of(1, 2))).toEqual(Float64Array.of(5, 2));
  expect(ranksOf(scores, [])).toEqual(new Float64Array(0));
});

// One item is ahead; then items 1 to 5 share a score, of which 4 and 2 are relevant: places 2 to 6.
test.each([
  { ties: 'pessimistic', expected: [6, 5] }, // 1, 3, 5, then 2 and 4
  { ties: 'optimistic', expected: [3, 2] }, // 2, 4, then 1, 3, 5
  { ties: 'average', expected: [4, 4] }, // (2 + 6) / 2
  { ties: 'id', expected: [5, 3] }, // 1, 2, 3, 4, 5
] as const)('$ties ties', ({ ties, expected }) => {
  const scores = [9, 5, 5, 5, 5, 5, 1];

  expect([...ranksOf(scores, [4, 2], { ties })]).toEqual(expected);
  expect([...ranksOf(scores, [4, 2], { ties, excluded: [0] })]).toEqual(
    expected.map((rank) => rank - 1),
  );
});

test('ties are pessimistic unless asked otherwise', () => {
  expect([...ranksOf(new Float32Array(1000), [7, 3])]).toEqual([1000, 999]);
});

test('excluded items do not count, repeats count once, relevant items stay', () => {
  const scores = [5, 4, 3, 2, 1];

  expect([...ranksOf(scores, [2, 4], { excluded: [0, 0, 2, 3] })]).toEqual([2, 3]);
  expect([...ranksOf(scores, [2, 4], { excluded: [0, 1, 2, 3, 4] })]).toEqual([1, 2]);
});

test("another item's NaN counts as higher, unless it is excluded", () => {
  const broken = [Number.NaN, 2, 2, 1];

  for (const ties of policies) {
    const clean = ranksOf(broken, [1, 3], { ties, excluded: [0] });

    expect(ranksOf(broken, [1, 3], { ties })).toEqual(clean.map((rank) => rank + 1));
  }
});

const anyScore = fc.oneof(
  fc.constantFrom(0, -0, 1, 2, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
  fc.integer({ min: 0, max: 6 }),
);
const anyCase = fc.array(anyScore, { minLength: 1, maxLength: 20 }).chain((scores) =>
  fc.record({
    scores: fc.constant(scores),
    relevant: fc.uniqueArray(fc.nat(scores.length - 1), { maxLength: 8 }),
    excluded: fc.array(fc.nat(scores.length - 1), { maxLength: 10 }),
  }),
);

/** Sorts the whole list, then reads off the places. */
function ranksBySorting(
  { scores, relevant, excluded }: { scores: number[]; relevant: number[]; excluded: number[] },
  ties: TiePolicy,
): number[] {
  const isRelevant = (item: number) => relevant.includes(item);
  const first = { pessimistic: -1, optimistic: 1, average: 0, id: 0 }[ties];
  const list = [...scores.keys()]
    .filter((item) => isRelevant(item) || !excluded.includes(item))
    .sort((a, b) => {
      if (scores[a]! !== scores[b]!) return scores[a]! > scores[b]! ? -1 : 1;
      return first * (Number(isRelevant(b)) - Number(isRelevant(a))) || a - b;
    });
  const place = (item: number) => list.indexOf(item) + 1;
  return relevant.map((item) => {
    if (ties !== 'average') return place(item);
    const group = list.filter((other) => scores[other] === scores[item]);
    return group.reduce((sum, other) => sum + place(other), 0) / group.length;
  });
}

test.each(policies)('%s agrees with sorting the items that are left', (ties) => {
  fc.assert(
    fc.property(anyCase, (anyOne) => {
      const { scores, relevant, excluded } = anyOne;

      expect([...ranksOf(scores, relevant, { excluded, ties })]).toEqual(
        ranksBySorting(anyOne, ties),
      );
    }),
    { numRuns: 500 },
  );
});

test.each(policies)('%s: one relevant item has the rank of a target', (ties) => {
  fc.assert(
    fc.property(anyCase, ({ scores, relevant, excluded }) => {
      for (const item of relevant) {
        expect([...ranksOf(scores, [item], { excluded, ties })]).toEqual([
          rankOfTarget(scores, item, { excluded, ties }),
        ]);
      }
    }),
  );
});

test('optimistic ≤ average ≤ pessimistic, and id lies between', () => {
  fc.assert(
    fc.property(anyCase, ({ scores, relevant, excluded }) => {
      const by = (ties: TiePolicy) =>
        [...ranksOf(scores, relevant, { excluded, ties })].sort((a, b) => a - b);
      const [pessimistic, optimistic, average, id] = policies.map(by);

      relevant.forEach((_, index) => {
        expect(optimistic![index]).toBeLessThanOrEqual(id![index]!);
        expect(id![index]).toBeLessThanOrEqual(pessimistic![index]!);
      });
      const total = (ranks: number[]) => ranks.reduce((sum, rank) => sum + rank, 0);
      expect(total(optimistic!)).toBeLessThanOrEqual(total(average!));
      expect(total(average!)).toBeLessThanOrEqual(total(pessimistic!));
      for (const item of relevant) {
        const rank = (ties: TiePolicy) => rankOfTarget(scores, item, { excluded, ties });
        expect(rank('average')).toBe((rank('optimistic') + rank('pessimistic')) / 2);
      }
    }),
  );
});

test('items permuted with their scores have the same ranks, and so the same metrics', () => {
  fc.assert(
    fc.property(anyCase, fc.infiniteStream(fc.nat()), ({ scores, relevant, excluded }, draws) => {
      const weights = scores.map(() => draws.next().value as number);
      const order = [...scores.keys()].sort((a, b) => weights[a]! - weights[b]!);
      const moved = order.map((item) => scores[item]!);
      const placeOf = (item: number) => order.indexOf(item);

      for (const ties of ['pessimistic', 'optimistic', 'average'] as const) {
        const before = ranksOf(scores, relevant, { excluded, ties });
        const after = ranksOf(moved, relevant.map(placeOf), {
          excluded: excluded.map(placeOf),
          ties,
        });

        // Tied relevant items may swap their places with each other.
        expect(after.slice().sort()).toEqual(before.slice().sort());
        expect(mrrAt(after, 5)).toEqual(mrrAt(before, 5));
      }
    }),
  );
});

test('many relevant items cost a logarithm each: 20,000 of 200,000 items', () => {
  const itemCount = 200_000;
  const scores = Float64Array.from({ length: itemCount }, (_, item) => -item);
  const relevant = Int32Array.from({ length: 20_000 }, (_, index) => 10 * index);

  expect(ranksOf(scores, relevant)).toEqual(Float64Array.from(relevant, (item) => item + 1));
});

test('rejects what is not an item with a score, and an item named twice', () => {
  const scores = [1, 2, Number.NaN];

  for (const item of [-1, 3, 1.5, Number.NaN]) {
    const rest = `must be an integer from 0 to 2, got ${item}. Items are 0-based indices`;
    expect(() => ranksOf(scores, [0, item])).toThrow(`relevant item ${rest}`);
    expect(() => ranksOf(scores, [0], { excluded: [item] })).toThrow(`excluded item ${rest}`);
  }
  expect(() => ranksOf(scores, [2])).toThrow(
    new RangeError(
      'expected a score for relevant item 2, got NaN. Look for a diverged model before ranking.',
    ),
  );
  expect(() => ranksOf(scores, [1, 0, 1])).toThrow(
    new RangeError('relevant item 1 is listed twice. List every item once.'),
  );
});

import { rankOfTarget } from '@rodpo/metrics';
import fc from 'fast-check';
import { expect, test } from 'vitest';

//                         item:  0    1    2    3    4
const scores = Float32Array.from([0.9, 0.1, 0.8, 0.7, 0.8]);

test('counts the items that score at least as high', () => {
  expect(rankOfTarget(scores, 0)).toBe(1);
  expect(rankOfTarget(scores, 3)).toBe(4);
  expect(rankOfTarget(scores, 1)).toBe(5);
});

test('ties are pessimistic: the target comes last among its equals', () => {
  expect(rankOfTarget(scores, 2)).toBe(3);
  expect(rankOfTarget(scores, 4)).toBe(3);
  expect(rankOfTarget(new Float32Array(1000), 7)).toBe(1000); // a collapsed model
});

test('excluded items do not count, repeats count once, the target stays', () => {
  expect(rankOfTarget(scores, 3, { excluded: [0, 1] })).toBe(3); // 1 scores lower and never counted
  expect(rankOfTarget(scores, 3, { excluded: Int32Array.of(0, 0, 2, 0) })).toBe(2);
  expect(rankOfTarget(scores, 3, { excluded: new Set([3]) })).toBe(4);
  expect(rankOfTarget(scores, 3, { excluded: [0, 1, 2, 3, 4] })).toBe(1);
});

// Items 1 to 3 share a score, and one item beats them: places 2, 3 and 4.
test.each([
  { ties: 'pessimistic', ranks: [4, 4, 4] },
  { ties: 'optimistic', ranks: [2, 2, 2] },
  { ties: 'average', ranks: [3, 3, 3] },
  { ties: 'id', ranks: [2, 3, 4] },
] as const)('$ties ties', ({ ties, ranks }) => {
  const tied = [9, 5, 5, 5, 1];

  expect([1, 2, 3].map((target) => rankOfTarget(tied, target, { ties }))).toEqual(ranks);
  // Without item 1, the group is items 2 and 3: places 2 and 3.
  const left = { pessimistic: 3, optimistic: 2, average: 2.5, id: 2 }[ties];
  expect(rankOfTarget(tied, 2, { ties, excluded: [1] })).toBe(left);
});

const anyScore = fc.oneof(
  fc.constantFrom(0, -0, 1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY), // ties are common
  fc.float({ noNaN: true }),
);

test('agrees with sorting the items that are left', () => {
  const anyCase = fc
    .array(anyScore, { minLength: 1, maxLength: 20 })
    .chain((list) =>
      fc.tuple(
        fc.constant(Float32Array.from(list)),
        fc.nat(list.length - 1),
        fc.array(fc.nat(list.length - 1), { maxLength: 30 }),
      ),
    );

  fc.assert(
    fc.property(anyCase, ([list, target, excluded]) => {
      const ranking = [...list.keys()]
        .filter((item) => item === target || !excluded.includes(item))
        .sort((a, b) =>
          list[a] === list[b]
            ? Number(a === target) - Number(b === target)
            : list[b]! > list[a]!
              ? 1
              : -1,
        );

      expect(rankOfTarget(list, target, { excluded })).toBe(ranking.indexOf(target) + 1);
    }),
    { numRuns: 500 },
  );
});

test('a NaN elsewhere counts as higher unless it is excluded', () => {
  const broken = Float32Array.of(Number.NaN, 2, 1);

  for (const ties of ['pessimistic', 'optimistic', 'average', 'id'] as const) {
    expect(rankOfTarget(broken, 1, { ties })).toBe(2);
  }
  expect(rankOfTarget(broken, 1, { excluded: [0] })).toBe(1);
});

test('rejects a target without a score', () => {
  expect(() => rankOfTarget(Float32Array.of(1, Number.NaN), 1)).toThrow(
    new RangeError(
      'expected a score for target 1, got NaN. Look for a diverged model before ranking.',
    ),
  );
});

test.each([-1, 5, 1.5, Number.NaN])('rejects item %d', (item) => {
  const rest = `must be an integer from 0 to 4, got ${item}. Items are 0-based indices.`;

  expect(() => rankOfTarget(scores, item)).toThrow(new RangeError(`target ${rest}`));
  expect(() => rankOfTarget(scores, 0, { excluded: [item] })).toThrow(
    new RangeError(`excluded item ${rest}`),
  );
});

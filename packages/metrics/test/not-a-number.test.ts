import { isActionable } from '@rodpo/errors';
import { negativeHardness, rankOfTarget, ranksOf, rewardMetrics, topRanked } from '@rodpo/metrics';
import { expect, test } from 'vitest';

const all = Float32Array.of(Number.NaN, Number.NaN, Number.NaN, Number.NaN);
const mixed = Float32Array.of(Number.NaN, 0.5, Number.NaN, 0.9);
const ties = ['pessimistic', 'optimistic', 'average', 'id'] as const;

test.each<[string, () => unknown]>([
  ...ties.flatMap((policy): [string, () => unknown][] => [
    [`rankOfTarget, ${policy}`, () => rankOfTarget(all, 1, { ties: policy })],
    [`ranksOf, ${policy}`, () => ranksOf(mixed, [1, 2], { ties: policy })],
  ]),
  ['topRanked', () => topRanked(all, 2)],
  ['topRanked, once its list is full', () => topRanked(Float32Array.of(2, 1, Number.NaN), 2)],
  ['negativeHardness', () => negativeHardness(Int32Array.of(2), 1, all, 4)],
])('%s refuses to place what has no score', (_, place) => {
  expect(place).toThrow(/expected a score for .*, got NaN/);
  expect(place).toThrow(expect.toSatisfy(isActionable));
});

test.each(ties)('another item without a score is ahead, with %s ties', (policy) => {
  expect(rankOfTarget(mixed, 3, { ties: policy })).toBe(3);
  expect(rankOfTarget(mixed, 1, { ties: policy })).toBe(4);
  expect([...ranksOf(mixed, [1, 3], { ties: policy })]).toEqual([4, 3]);
  expect(rankOfTarget(mixed, 3, { ties: policy, excluded: [0] })).toBe(2);
});

test('an item without a score is no easy negative beside the drawn one', () => {
  // Of three others, one scores lower than item 3, and none than item 1.
  expect([...negativeHardness(Int32Array.of(3, 1), 2, mixed, 4)]).toEqual([1 / 6]);
});

test('rewardMetrics shows what is not a number, and does not call it accurate', () => {
  const scores = { chosen: [1, Number.NaN], rejected: [0, 0] };
  const metrics = rewardMetrics({ policy: scores, reference: { chosen: [0, 0], rejected: [0, 0] } }, { beta: 1 }); // biome-ignore format: one line

  expect(metrics['rewards/chosen']).toBeNaN();
  expect(metrics['rewards/accuracies']).toBe(0.5);
});

test('rewardMetrics leaves out what is −∞, in the policy, the reference or both', () => {
  const no = Number.NEGATIVE_INFINITY;
  const metrics = rewardMetrics(
    {
      policy: { chosen: [2, 1, 5], rejected: [1, no, 3, 4, no, no] },
      reference: { chosen: [0, 0, 0], rejected: [0, no, no, 0, no, 1] },
    },
    { beta: 0.5 },
  );

  expect(metrics).toEqual({
    'rewards/chosen': 0.75, // ½ · (2 + 1) / 2
    'rewards/rejected': 1.25, // ½ · (1 + 4) / 2
    'rewards/accuracies': 0.5,
    'rewards/margins': -0.5,
    'logps/chosen': 1.5,
    'logps/rejected': 2.5,
  });
});

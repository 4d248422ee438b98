import { seededRandom } from '@rodpo/random';
import {
  inBatch,
  itemLists,
  logUniform,
  type NegativeSampler,
  PoolTooSmallError,
  popularity,
  uniform,
} from '@rodpo/samplers';
import { expect, test } from 'vitest';

type Draws = { readonly replacement: boolean; readonly tooFew?: 'throw' | 'none' };
type Make = (options: Draws) => NegativeSampler;

const samplers: [string, Make][] = [
  ['uniform', (options) => uniform({ itemCount: 4, ...options })],
  ['popularity', (options) => popularity({ counts: [3, 1, 2, 5], ...options })],
  ['logUniform', (options) => logUniform({ itemCount: 4, ...options })],
  ['inBatch', (options) => inBatch(options)],
];

// The second row leaves nothing, the third item 3 alone, whichever sampler draws.
const batch = {
  rowCount: 4,
  chosen: Int32Array.of(0, 1, 2, 3),
  excluded: itemLists([[0], [0, 1, 2, 3], [0, 1, 2], [3]]),
};

test.each(samplers)('%s: a row that leaves nothing has none, the others theirs', (_, make) => {
  const sampler = make({ replacement: true, tooFew: 'none' });
  const into = { items: new Int32Array(8).fill(7), logProbabilities: new Float32Array(8).fill(7) };
  const { items, logProbabilities } = sampler.sample(batch, 2, seededRandom(3), into);

  expect([...items.subarray(2, 4)]).toEqual([-1, -1]);
  expect([...logProbabilities.subarray(2, 4)]).toEqual([-Infinity, -Infinity]);
  expect([...items.subarray(4, 6)]).toEqual([3, 3]);
  expect([...items.subarray(0, 2), ...items.subarray(6)].every((item) => item >= 0)).toBe(true);
  expect(logProbabilities).toEqual(sampler.logProbabilities(batch, items, 2));
});

test.each(samplers)('%s: one that leaves too few different items has none at all', (_, make) => {
  const sampler = make({ replacement: false, tooFew: 'none' });
  const { items } = sampler.sample(batch, 2, seededRandom(3));

  expect([...items.subarray(2, 6)]).toEqual([-1, -1, -1, -1]);
  expect(new Set(items.subarray(0, 2)).size).toBe(2);
});

test.each(samplers)('%s: it is an error unless that is asked for', (_, make) => {
  const draw = (options: Draws) => () => make(options).sample(batch, 2, seededRandom(3));

  expect(draw({ replacement: true })).toThrow(new PoolTooSmallError(0, 2, 1));
  expect(draw({ replacement: true, tooFew: 'throw' })).toThrow(new PoolTooSmallError(0, 2, 1));
});

import { isActionable } from '@rodpo/errors';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { rank } from '../src/ranking/rank.ts';
import { initialWeights } from '../src/training/pretrain.ts';
import { casesIn } from '../src/workspace/case-range.ts';
import { compiledEngine } from '../src/workspace/engine.ts';
import { smallWorkspace } from './small-workspace.ts';

beforeAll(() => setBackend('cpu'));

test('a range is a list of what lies in it', () => {
  const part = casesIn(['a', 'b', 'c', 'd', 'e'], { from: 1, to: 4 });

  expect([...part]).toEqual(['b', 'c', 'd']);
  expect([...part.entries()]).toEqual([
    [0, 'b'],
    [1, 'c'],
    [2, 'd'],
  ]);
  expect([0, 2, 3, -1, -3, -4].map((index) => part.at(index))).toEqual([
    'b',
    'd',
    undefined,
    'd',
    'b',
    undefined,
  ]);
  expect(casesIn(['a'], { from: 1, to: 1 })).toHaveLength(0);
});

test.each([
  [{ from: -1, to: 2 }, /cases\.from must be an integer from 0 to 2, got -1/],
  [{ from: 1, to: 0 }, /cases\.to must be an integer from 1 to 2, got 0/],
  [{ from: 0, to: 3 }, /cases\.to must be an integer from 0 to 2, got 3/],
  [{ from: 0.5, to: 2 }, /cases\.from must be an integer/],
])('a range beyond the list is refused: %j', (range, message) => {
  let error: unknown;
  try {
    casesIn(['a', 'b'], range);
  } catch (thrown) {
    error = thrown;
  }
  expect(String(error)).toMatch(message);
  expect(isActionable(error)).toBe(true);
});

test('ranks of neighbouring ranges, one behind another, are those of all', async () => {
  const workspace = smallWorkspace({ engine: compiledEngine({ threads: 1 }) });
  const weights = initialWeights(workspace);
  const whole = await rank(workspace, weights, 'test');
  const count = whole.ranks.length;
  const first = await rank(workspace, weights, 'test', { cases: { from: 0, to: 7 } });
  const second = await rank(workspace, weights, 'test', { cases: { from: 7, to: count } });
  await workspace.dispose();

  expect(count).toBeGreaterThan(8);
  for (const way of ['all', 'masked'] as const) {
    expect([...first[way].ranks, ...second[way].ranks]).toEqual([...whole[way].ranks]);
  }
  const mean = first.all.ranks.reduce((sum, own) => sum + 1 / own, 0) / 7;
  expect(first.all.metrics['mrr@10']).toBeLessThanOrEqual(mean + 1e-6);
});

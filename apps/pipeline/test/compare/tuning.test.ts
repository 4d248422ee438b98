import { expect, test } from 'vitest';
import type { Tuning } from '../../src/compare/settings.ts';
import {
  bestTrial,
  combinationsOf,
  withCombination,
  withPoolSize,
} from '../../src/compare/tuning.ts';
import { type Strategy, strategySettings } from '../../src/config/align-settings.ts';

const everything: Tuning = {
  seed: 1,
  trials: 100,
  metric: 'ndcg@10',
  tuneOn: 'first',
  space: {
    beta: [0.1, 0.5, 1],
    crossEntropyWeight: [0, 1],
    learningRate: [1e-4, 1e-3],
    poolSize: [5, 20, 50],
  },
};

function strategy(own: object): Strategy {
  return strategySettings.parse({ name: 'x', ...own });
}

test.each<[string, { [setting: string]: unknown; count?: number }, string[], number]>([
  // 3 β · 2 weights · 2 rates, times 3 pool sizes where there is a pool to size.
  ['uniform', {}, ['beta', 'crossEntropyWeight', 'learningRate'], 12],
  [
    'hard',
    { negatives: { from: 'pool', size: 1 } },
    ['beta', 'crossEntropyWeight', 'learningRate'],
    12,
  ],
  [
    'stochastic',
    { negatives: { from: 'pool', size: 50 } },
    ['beta', 'crossEntropyWeight', 'learningRate', 'poolSize'],
    36,
  ],
  // Pools of 5 hold no 8 negatives: 12 · 2.
  [
    'eight of a pool',
    { loss: 'softmax-dpo', count: 8, negatives: { from: 'pool', size: 50 } },
    ['beta', 'crossEntropyWeight', 'learningRate', 'poolSize'],
    24,
  ],
  ['the control', { loss: 'none' }, ['learningRate'], 2],
  ['what only trains on', { loss: 'pretrain' }, ['learningRate'], 2],
])('%s: all combinations of what applies, each once', (_, own, settings, count) => {
  const combinations = combinationsOf(strategy(own), everything);

  expect(combinations).toHaveLength(count);
  expect(new Set(combinations.map((each) => JSON.stringify(each))).size).toBe(count);
  for (const combination of combinations) {
    expect(Object.keys(combination)).toEqual(settings);
    if (own.count) expect(combination.poolSize).toBeGreaterThanOrEqual(own.count);
  }
});

test('a pool may be as small as its negatives are many, and what has none stays as it is', () => {
  const own = { loss: 'softmax-dpo', count: 5, negatives: { from: 'pool', size: 50 } };
  const sizes = combinationsOf(strategy(own), everything).map(({ poolSize }) => poolSize);
  const uniform = strategy({});

  expect(new Set(sizes)).toEqual(new Set([5, 20, 50]));
  expect(withPoolSize(uniform, 7)).toEqual(uniform);
  expect(withPoolSize(strategy(own), 7).negatives).toMatchObject({ from: 'pool', size: 7 });
});

test('tries as many as there are trials, the same for strategies with the same settings', () => {
  const tuning = { ...everything, trials: 8 };
  const of = (own: Partial<Strategy>, seed = 1) =>
    combinationsOf(strategy(own), { ...tuning, seed });

  expect(of({})).toHaveLength(8);
  expect(of({ name: 'y', negatives: { from: 'batch' } })).toEqual(of({}));
  expect(of({}, 2)).not.toEqual(of({}));
  // Of 12 combinations in order, the first 8 would all have one of two β.
  expect(new Set(of({}).map(({ beta }) => beta)).size).toBe(3);
});

test('nothing that applies is nothing to try', () => {
  const tuning = { ...everything, space: { beta: [1], poolSize: [2] } };

  expect(combinationsOf(strategy({ loss: 'none' }), tuning)).toEqual([]);
});

test('a combination takes the place of the strategy’s own settings', () => {
  const own = strategy({ beta: 0.1, dropout: 0, negatives: { from: 'pool', size: 50 } });

  expect(withCombination(own, { beta: 2, poolSize: 5 })).toEqual({
    ...own,
    beta: 2,
    negatives: { from: 'pool', size: 5, scoredBy: 'policy' },
  });
  expect(withCombination(own, {})).toEqual(own);
});

test.each([
  [[0.1, 0.3, 0.2], 1],
  [[0.2, 0.3, 0.3], 1],
  [[0.1], 0],
])('the best of %j is number %d', (figures, best) => {
  expect(bestTrial(figures)).toBe(best);
});

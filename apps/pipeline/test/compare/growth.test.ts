import { expect, test } from 'vitest';
import { parseCompareConfig } from '../../src/compare/compare-config.ts';
import { changesBesidesGrowth } from '../../src/compare/growth.ts';
import type { ComparisonSettings } from '../../src/compare/settings.ts';

const settingsOf = (changes: object): ComparisonSettings => {
  const strategies = [{ name: 'uniform' }, { name: 'plain', loss: 'none' }];
  const encoders = [{ name: 'a' }, { name: 'b', change: { encoder: { blockCount: 1 } } }];
  return parseCompareConfig({ strategies, encoders, ...changes }, 'the test').settings;
};
const known = settingsOf({});
const [first, second] = known.encoders;
const { strategies } = known;

test.each([
  ['nothing has changed', {}],
  ['a strategy more', { strategies: [...strategies, { name: 'more' }] }],
  ['an encoder more', { encoders: [first, second, { name: 'c' }] }],
  ['the same strategies in another order', { strategies: strategies.toReversed() }],
  ['other seeds, metrics and words', { seeds: [9], metrics: ['hit@5'], title: 'Anew' }],
])('what is there holds: %s', (_, changes) => {
  expect(changesBesidesGrowth(known, settingsOf(changes))).toEqual([]);
});

test.each([
  ['strategies.uniform is gone', { strategies: strategies.slice(1) }],
  [
    'strategies.uniform.beta: nothing, now 9',
    { strategies: [{ name: 'uniform', beta: 9 }, strategies[1]] },
  ],
  ['encoders.b is gone', { encoders: [first] }],
  ['first encoder: "a", now "b"', { encoders: [second, first] }],
  ['tuning: null, now ', { tuning: { space: { beta: [1] } } }],
])('what is there does not hold: %s', (change, changes) => {
  const found = changesBesidesGrowth(known, settingsOf(changes));

  expect(found).toHaveLength(1);
  expect(found[0]).toContain(change);
});

const pool = { name: 'pool', negatives: { from: 'pool', size: 9 } };
const sweep = { strategy: 'pool', poolSizes: [2], encoders: ['a', 'b'] };
const swept = (changes: object = {}) => settingsOf({ strategies: [pool], sweep, ...changes });
const tuning = { space: { beta: [1, 2] } };

test('a sweep may have more pool sizes, and be of more encoders', () => {
  const less = swept({ sweep: { ...sweep, encoders: ['a'] } });

  expect(changesBesidesGrowth(less, swept())).toEqual([]);
  expect(changesBesidesGrowth(swept(), swept({ sweep: { ...sweep, poolSizes: [2, 4] } }))).toEqual(
    [],
  );
  expect(changesBesidesGrowth(swept(), less)).toEqual(['strategies.pool-k2 is gone']);
});

test.each([
  ['is gone', [], {}],
  ['learningRate: nothing, now 0.5', [{ ...pool, name: 'pool-k2', learningRate: 0.5 }], {}],
  ['negatives.size: 2, now 3', [{ name: 'pool-k2', negatives: { from: 'pool', size: 3 } }], {}],
  // A strategy of its own would have trials of its own.
  ['tunedAs: "pool", now "pool-k2"', [{ ...pool, name: 'pool-k2' }], { tuning }],
])('what the sweep made is not another strategy’s of that name: %s', (change, others, changes) => {
  const found = changesBesidesGrowth(
    swept(changes),
    settingsOf({ strategies: [pool, ...others], ...changes }),
  );

  expect(found.join()).toContain(`strategies.pool-k2`);
  expect(found.join()).toContain(change);
});

test('nor the other way round; but it is the same strategy in the sweep and by itself', () => {
  const own = (changes: object) =>
    settingsOf({ strategies: [pool, { ...pool, name: 'pool-k2', ...changes }] });

  expect(changesBesidesGrowth(own({ beta: 7 }), swept())).toEqual([
    'strategies.pool-k2.negatives.size: 9, now 2',
    'strategies.pool-k2.beta: 7, now nothing',
  ]);
  expect(changesBesidesGrowth(own({ negatives: { from: 'pool', size: 2 } }), swept())).toEqual([]);
});

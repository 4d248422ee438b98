import { expect, test } from 'vitest';
import { parseCompareConfig } from '../../src/compare/compare-config.ts';
import { hasGrownTo } from '../../src/compare/growth.ts';
import type { ComparisonSettings } from '../../src/compare/settings.ts';

const settingsOf = (changes: object): ComparisonSettings => {
  const base = { data: { source: 'sequences', path: 'a.txt' }, pretrain: { maxEpochs: 3 } };
  const strategies = [{ name: 'uniform' }, { name: 'plain', loss: 'none' }];
  const encoders = [{ name: 'a' }, { name: 'b', change: { encoder: { blockCount: 1 } } }];
  return parseCompareConfig({ base, strategies, encoders, ...changes }, 'the test').settings;
};
const known = settingsOf({});
const [first, second] = known.encoders;
const { base, strategies } = known;

test.each([
  ['nothing has changed', {}],
  ['a strategy more', { strategies: [...strategies, { name: 'more' }] }],
  ['an encoder more', { encoders: [first, second, { name: 'c' }] }],
  ['the same strategies in another order', { strategies: strategies.toReversed() }],
  ['other seeds, metrics and words', { seeds: [9], metrics: ['hit@5'], title: 'Anew' }],
  ['data that lie elsewhere', { base: { ...base, data: { source: 'sequences', path: 'b.txt' } } }],
  ['another engine', { base: { ...base, engine: { threads: 1 } } }],
])('what is there holds: %s', (_, changes) => {
  expect(hasGrownTo(known, settingsOf(changes))).toBe(true);
});

test.each([
  ['a strategy less', { strategies: strategies.slice(1) }],
  ['another setting of a strategy', { strategies: [{ name: 'uniform', beta: 9 }, strategies[1]] }],
  ['an encoder less', { encoders: [first] }],
  ['another setting of an encoder', { encoders: [first, { ...second, change: {} }] }],
  ['another encoder in the first place', { encoders: [second, first] }],
  ['another base', { base: { ...base, pretrain: { maxEpochs: 4 } } }],
  ['other data', { base: { ...base, data: { source: 'inter', path: 'a.txt' } } }],
  ['tuning', { tuning: { space: { beta: [1] } } }],
  ['a list that is longer', { base: { ...base, evaluate: { cutoffs: [5, 10] } } }],
])('what is there does not hold: %s', (_, changes) => {
  expect(hasGrownTo(known, settingsOf(changes))).toBe(false);
});

test('what is null holds, and is not as what is there', () => {
  const withText = (text: object | null) => settingsOf({ base: { ...base, features: { text } } });

  expect(hasGrownTo(withText(null), withText(null))).toBe(true);
  expect(hasGrownTo(withText(null), withText({ encoder: 'tfidf' }))).toBe(false);
});

test('places in lists, and in what lists hold, make no difference; all else does', () => {
  const withText = (from: object) =>
    settingsOf({ base: { ...base, features: { text: { encoder: 'vectors', from } } } });
  const there = withText({ codes: ['x'], levels: 4 });

  expect(hasGrownTo(there, withText({ codes: ['x'], levels: 4 }))).toBe(true);
  expect(hasGrownTo(there, withText({ codes: ['y'], levels: 4 }))).toBe(false);
  expect(hasGrownTo(there, withText({ codes: ['x'], levels: 5 }))).toBe(false);
});

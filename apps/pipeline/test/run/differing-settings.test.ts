import { expect, test } from 'vitest';
import { differingSettings, firstOf } from '../../src/run/differing-settings.ts';

test('what is the same in both is no difference, whatever its order', () => {
  const before = { a: 1, b: { c: [1, 2], d: null }, e: undefined };

  expect(differingSettings(before, { b: { d: null, c: [1, 2] }, a: 1 })).toEqual([]);
});

test('each setting is named by its path, with what it was and is', () => {
  const before = { align: { beta: 3, margin: 'centred' }, kCore: { users: 5 }, seed: 1 };
  const now = { align: { beta: 1, margin: null }, kCore: { users: 5, items: 2 }, seed: 1 };

  expect(differingSettings(before, now)).toEqual([
    'align.beta: 3, now 1',
    'align.margin: "centred", now null',
    'kCore.items: nothing, now 2',
  ]);
});

test('lists and objects are shown whole as long as they are short, and nothing that a terminal acts on', () => {
  const long = Array.from({ length: 99 }, () => 1234);
  const before = { a: [1, 'x'], b: { c: 1, d: [] }, e: 1 };
  const now = { a: [1], b: '\u001b[2J', e: long };

  expect(differingSettings(before, now)).toEqual([
    'a: [1, "x"], now [1]',
    'b: { c: 1, d: [] }, now "\\u{1b}[2J"',
    expect.stringMatching(/^e: 1, now \[1234, .{73}…$/),
  ]);
});

test('of many, the first five are named and the others counted', () => {
  expect(firstOf(['a', 'b'])).toBe('a; b');
  expect(firstOf([...'abcde'])).toBe('a; b; c; d; e');
  expect(firstOf([...'abcdefg'])).toBe('a; b; c; d; e; and 2 more');
});

import { expect, test } from 'vitest';
import { deepMerge } from '../../src/compare/deep-merge.ts';

test.each([
  ['a new setting is added', { a: 1 }, { b: 2 }, { a: 1, b: 2 }],
  ['a value is replaced', { a: 1 }, { a: 2 }, { a: 2 }],
  [
    'objects merge at any depth',
    { a: { b: { c: 1, d: 2 } } },
    { a: { b: { d: 3 } } },
    { a: { b: { c: 1, d: 3 } } },
  ],
  ['arrays are replaced, not merged', { a: [1, 2, 3] }, { a: [4] }, { a: [4] }],
  ['an object takes the place of null', { a: null }, { a: { b: 1 } }, { a: { b: 1 } }],
  ['null takes the place of an object', { a: { b: 1 } }, { a: null }, { a: null }],
  ['nothing changes nothing', { a: { b: 1 } }, {}, { a: { b: 1 } }],
])('%s', (_, base, changes, merged) => {
  expect(deepMerge(base, changes)).toEqual(merged);
});

test('leaves what it is given as it was', () => {
  const base = { a: { b: 1 } };
  deepMerge(base, { a: { b: 2, c: 3 } });

  expect(base).toEqual({ a: { b: 1 } });
});

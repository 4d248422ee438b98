import { expect, test } from 'vitest';
import { localItems } from '../src/rows/local-items.ts';

test('items are numbered in the order in which they are named, each once', () => {
  const local = localItems(10, 3);

  expect([7, 2, 7, 9].map((item) => local.number(item))).toEqual([0, 1, 0, 2]);
  expect([...local.items]).toEqual([7, 2, 9]);
});

test('what was named is forgotten, and numbers start again', () => {
  const local = localItems(10, 2);
  for (const item of [7, 2]) local.number(item);
  local.clear();

  expect([...local.items]).toEqual([]);
  expect([9, 7].map((item) => local.number(item))).toEqual([0, 1]);
  local.clear();
  // An item that is not named has no number, so that a new one is counted.
  for (const item of [7, 2]) local.number(item);
  expect([...local.items]).toEqual([7, 2]);
});

test('forgetting nothing leaves what was never named as it is', () => {
  const local = localItems(4, 2);
  local.clear();

  expect(local.number(0)).toBe(0);
  expect(local.number(3)).toBe(1);
  expect([...local.items]).toEqual([0, 3]);
});

test('there is room for as many as were asked for, and no more', () => {
  const local = localItems(10, 2);
  for (const item of [4, 5, 4]) local.number(item);

  expect(() => local.number(6)).toThrow('A step names more than 2 items.');
});

import { expect, test } from 'vitest';
import { localItems } from '../src/rows/local-items.ts';

const numbered = (lists: number[][], room = 4) => {
  const local = localItems(10, room);
  local.renumber(lists.map((items) => Int32Array.from(items)));
  return local;
};

test('items are numbered in ascending order, each once', () => {
  const local = numbered([
    [7, 2, 7],
    [9, 2, 0],
  ]);

  expect([...local.items]).toEqual([0, 2, 7, 9]);
  expect([0, 2, 7, 9].map((item) => local.numberOf(item))).toEqual([0, 1, 2, 3]);
});

test('what is below 0 is no item', () => {
  expect([...numbered([[-1, 3, -5, 3, 1]]).items]).toEqual([1, 3]);
});

test('what had a number is forgotten, and numbers start again', () => {
  const local = numbered([[7, 2]], 2);
  local.renumber([Int32Array.of(9, 7)]);

  expect([...local.items]).toEqual([7, 9]);
  local.renumber([]);
  expect([...local.items]).toEqual([]);
  // An item without a number is counted: there is room for two others.
  local.renumber([Int32Array.of(2, 5)]);
  expect([...local.items]).toEqual([2, 5]);
});

test('there is room for as many as were asked for, and no more', () => {
  const local = numbered([[4, 5, 4]], 2);

  expect(() => local.renumber([Int32Array.of(4, 6, 5)])).toThrow('A step names more than 2 items.');
  expect([...local.items]).toEqual([]);
  local.renumber([Int32Array.of(6, 4)]);
  expect([...local.items]).toEqual([4, 6]);
});

import type { SitePool, SiteUser } from '@rodpo/studio';
import { expect, test } from 'vitest';
import { choiceAt, firstPlace, placesOf, saidOf } from '../page/pool-choice.ts';

/** Learned from are a to d, e validates, f tests. */
const user: SiteUser = {
  id: 'user',
  history: ['a', 'b', 'c', 'd', 'e'],
  learned: 4,
  times: [1, 2, 3, 4, 5],
  next: 'f',
};
const pool = (exclude: SitePool['exclude']): SitePool => ({ model: 'ours', size: 9, exclude });
const onPage = [{ id: 'a' }, { id: 'z' }];
const at = (place: number, exclude: SitePool['exclude'], own = user) =>
  choiceAt(place, { pool: pool(exclude), user: own, history: onPage });
const before = [
  { id: 'a', time: 1 },
  { id: 'b', time: 2 },
];

test('choices are those that were learned from, but the first, and the one that was held out', () => {
  expect(placesOf(user)).toEqual([1, 2, 3, 5]);
  expect(placesOf({ id: 'u', history: ['a', 'b'], next: 'c' })).toEqual([1, 2]);
  expect(placesOf({ id: 'u', history: ['a'], learned: 0, next: 'c' })).toEqual([1]);
});

test('of real data the first look is at a choice that others came after', () => {
  expect(firstPlace(user)).toBe(2);
  expect(firstPlace({ ...user, liked: ['a'] })).toBe(5);
  expect(firstPlace({ id: 'u', history: [], next: 'c' })).toBe(0);
});

test('a pool leaves out what was chosen, and the history where alignment does so', () => {
  expect(at(2, 'chosen')).toMatchObject({ before, exclude: ['c'], repeats: true });
  // All that the models learned from, so also what came later; what validates and tests may be drawn.
  const whole = ['a', 'b', 'c', 'd', 'c'];
  expect(at(2, 'history')).toMatchObject({ before, exclude: whole, repeats: false });
  expect(at(5, 'history')).toMatchObject({ before: onPage, exclude: ['f'], repeats: false });
  expect(at(5, 'chosen')).toMatchObject({ before: onPage, exclude: ['f'], repeats: true });
});

test('false is what came later, or what a simulation says', () => {
  expect([...at(2, 'chosen').wanted]).toEqual(['d', 'e', 'f']);
  expect([...at(2, 'chosen', { ...user, liked: ['x'] }).wanted]).toEqual(['x']);
  expect(saidOf(user, 2, '1 of 9')).toMatch(/^1 of 9 .* user chose them later/);
  expect(saidOf(user, 5, '0 of 9')).toMatch(/not known/);
  expect(saidOf({ ...user, liked: [] }, 5, '0 of 9')).toMatch(/^0 of 9 .* would like them/);
});

import { isActionable } from '@rodpo/errors';
import { expect, test } from 'vitest';
import { checkScorable } from '../src/workspace/check-scorable.ts';

const sound = () => Float32Array.of(1, -2, 3, -4, 5, -6);

function brokenAt(place: number, value: number): Float32Array {
  const vectors = sound();
  vectors[place] = value;
  return vectors;
}

test('numbers that scores can be made of pass', () => {
  expect(() => checkScorable(sound(), sound(), 2)).not.toThrow();
  expect(() => checkScorable(brokenAt(5, 9e17), brokenAt(0, -9e17), 2)).not.toThrow();
});

test.each([Number.NaN, Infinity, -Infinity, 2e18, -2e18])('%d is none', (value) => {
  const checking = (users: Float32Array, items: Float32Array) => () =>
    checkScorable(users, items, 2);

  // The users who have it; of an item, all of them.
  expect(checking(brokenAt(5, value), sound())).toThrow(/for 1 of 3 users/);
  expect(checking(brokenAt(0, value), sound())).toThrow(/for 1 of 3 users/);
  expect(checking(sound(), brokenAt(3, value))).toThrow(/for 3 of 3 users/);
  expect(checking(brokenAt(0, value), brokenAt(3, value))).toThrow(/for 3 of 3 users/);
});

test('each user is counted once, and what is thrown can be acted on', () => {
  const users = Float32Array.of(Number.NaN, Number.NaN, 1, 1, 1, Number.NaN);
  try {
    checkScorable(users, sound(), 2);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
    expect(isActionable(error)).toBe(true);
    expect(String(error)).toMatch(/for 2 of 3 users.*Lower the learning rate, or train again/);
  }
});

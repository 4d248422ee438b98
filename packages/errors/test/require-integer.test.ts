import { isActionable, requireInteger, requirePositiveInteger } from '@rodpo/errors';
import { expect, test } from 'vitest';

test.each([
  [1.5, {}, 'an integer'],
  [Number.NaN, {}, 'an integer'],
  [2 ** 53, {}, 'an integer'],
  [0, { from: 1 }, 'a positive integer'],
  [-1, { from: 0 }, 'an integer from 0'],
  [8, { from: 0, to: 7 }, 'an integer from 0 to 7'],
  [8, { to: 7 }, 'an integer up to 7'],
] as const)('%d is refused by %j', (value, range, expected) => {
  expect(() => requireInteger('size', value, range)).toThrow(
    new RangeError(`size must be ${expected}, got ${value}`),
  );
});

test('both ends of a range are allowed', () => {
  for (const value of [0, 7]) requireInteger('place', value, { from: 0, to: 7 });
  requirePositiveInteger('count', 1);
  requireInteger('any', -(2 ** 53 - 1));
});

test('advice ends the message, and the error is one that a person can act on', () => {
  try {
    requirePositiveInteger('count', 0, 'Use 1 to keep all.');
    expect.unreachable();
  } catch (error) {
    expect((error as Error).message).toBe(
      'count must be a positive integer, got 0. Use 1 to keep all.',
    );
    expect(isActionable(error)).toBe(true);
  }
});

import { ActionableError, actionable, isActionable } from '@rodpo/errors';
import { expect, test } from 'vitest';

test('an error is actionable once it is marked, and stays what it was', () => {
  const error = new RangeError('size must be positive, got -1');
  expect(isActionable(error)).toBe(false);
  expect(actionable(error)).toBe(error);
  expect(isActionable(error)).toBe(true);
  expect(Object.keys(error)).toEqual([]);
});

test('a class of its own is actionable by what it extends', () => {
  class MissingError extends ActionableError {
    override readonly name = 'MissingError';
  }
  const error = new MissingError('a is missing', { cause: 1 });
  expect(isActionable(error)).toBe(true);
  expect([error.name, error.message, error.cause]).toEqual(['MissingError', 'a is missing', 1]);
});

test("the engine's own errors are not", () => {
  const overflow = () => new Float32Array(-1);
  expect(overflow).toThrow(RangeError);
  try {
    overflow();
  } catch (error) {
    expect(isActionable(error)).toBe(false);
  }
  for (const value of [undefined, null, 'text', {}]) expect(isActionable(value)).toBe(false);
});

import { isActionable, requireOneOf } from '@rodpo/errors';
import { expect, test } from 'vitest';

const known = ['drop', 'keep'];

test.each(['Drop', '', undefined, null, 3])('%j is none of them', (value) => {
  expect(() => requireOneOf('zeros', value as string, known)).toThrow(
    new RangeError(`zeros must be one of "drop", "keep", got "${value}"`),
  );
});

test('the error is one that a person can act on', () => {
  try {
    requireOneOf('zeros', '\u001b[31m', known);
    expect.unreachable();
  } catch (error) {
    expect((error as Error).message).toContain('got "\\u{1b}[31m"');
    expect(isActionable(error)).toBe(true);
  }
});

test('each of them is allowed', () => {
  for (const value of known) requireOneOf('zeros', value, known);
});

import { ActionableError, actionable, isActionable, loadOptional } from '@rodpo/errors';
import { expect, expectTypeOf, test } from 'vitest';

// What is tested is the types, by the type-check; that it also runs shows that they tell the truth.

test('marking an error leaves its class', () => {
  const error = actionable(new RangeError('no'));

  expectTypeOf(error).toEqualTypeOf<RangeError>();
  expect(error).toBeInstanceOf(RangeError);
});

test('whoever asks whether an error is marked has an error', () => {
  const caught: unknown = new ActionableError('no');

  if (!isActionable(caught)) throw new TypeError('it is marked');
  expectTypeOf(caught).toEqualTypeOf<Error>();
});

test('an optional module has the type of its import', async () => {
  const path = await loadOptional('node:path', () => import('node:path'));

  expectTypeOf(path.join).toEqualTypeOf<(...parts: string[]) => string>();
  expect(path.join('a', 'b')).toMatch(/a.b/);
});

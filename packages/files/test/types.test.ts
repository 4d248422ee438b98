import { ifThere, type NamedArray, namingPath } from '@rodpo/files';
import { expect, expectTypeOf, test } from 'vitest';

// What is tested is the types, by the type-check; that it also runs shows that they tell the truth.

test('what may not be there may be undefined', async () => {
  const found = await ifThere(Promise.resolve(7));

  expectTypeOf(found).toEqualTypeOf<number | undefined>();
  expect(found).toBe(7);
});

test('naming the path of an operation leaves what it gives', async () => {
  const read = await namingPath('a file', Promise.resolve('text' as const));

  expectTypeOf(read).toEqualTypeOf<'text'>();
  expect(read).toBe('text');
});

test('an array of a file is one of the kinds that safetensors knows', () => {
  const array: NamedArray = { shape: [2], data: Float32Array.of(1, 2) };

  // @ts-expect-error: a list of numbers does not say how they are to be stored
  const list: NamedArray = { shape: [2], data: [1, 2] };
  expect(list.shape).toEqual(array.shape);
});

import {
  ifThere,
  type NamedArray,
  type NamedArrays,
  namingPath,
  type readShards,
  type ShardsFile,
  type TensorsFile,
} from '@rodpo/files';
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

test('what is read goes into memory of its own or shared, of the kinds that files know', async () => {
  type Into = NonNullable<NonNullable<Parameters<typeof readShards>[1]>['into']>;
  expectTypeOf<Into>().toEqualTypeOf<NamedArrays>();
  expectTypeOf<ShardsFile['read']>().toEqualTypeOf<TensorsFile['read']>();
  const shared = new Float32Array(new SharedArrayBuffer(8));
  const into: Into = { items: { shape: [2], data: shared } };
  expect(into.items!.data).toBe(shared);
  // @ts-expect-error: shards hold no numbers of double precision
  const wide: Into = { items: { shape: [2], data: new Float64Array(2) } };
  expect(wide.items!.shape).toEqual([2]);
});

test('an array of a file is one of the kinds that safetensors knows', () => {
  const array: NamedArray = { shape: [2], data: Float32Array.of(1, 2) };

  // @ts-expect-error: a list of numbers does not say how they are to be stored
  const list: NamedArray = { shape: [2], data: [1, 2] };
  expect(list.shape).toEqual(array.shape);
});

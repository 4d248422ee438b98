import '@rodpo/testing/tfjs';
import {
  type CompiledProgram,
  compile,
  eager,
  exportOnnx,
  type Program,
  type ProgramOptions,
  type StepFunction,
  type TypedArray,
} from '@rodpo/compile';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { engines } from './engines.ts';

const options = {
  inputs: {
    items: { shape: [2], dtype: 'int32' },
    weights: { shape: [2], dtype: 'float32' },
    isReal: { shape: [2], dtype: 'bool' },
  },
} as const;
const arrays = {
  items: Int32Array.of(3, 4),
  weights: Float32Array.of(0.5, 2),
  isReal: Uint8Array.of(1, 0),
};

describe.each(engines)('%s', (_, make) => {
  test('a step and its runs know the names and types that the options give', async () => {
    const program = await make(({ inputs }) => {
      expectTypeOf(inputs).toEqualTypeOf<{
        readonly items: tf.Tensor;
        readonly weights: tf.Tensor;
        readonly isReal: tf.Tensor;
      }>();
      // @ts-expect-error: no input has this name
      expect(inputs.item).toBe(undefined);
      const kept = tf.mul(inputs.weights, tf.cast(inputs.isReal, 'float32'));
      return { outputs: { sum: tf.sum(tf.mul(inputs.items, kept)), kept } };
    }, options);
    expectTypeOf(program.run).parameter(0).toEqualTypeOf<{
      readonly items: Int32Array;
      readonly weights: Float32Array;
      readonly isReal: Uint8Array;
    }>();

    const outputs = await program.run(arrays);
    expectTypeOf(outputs).toEqualTypeOf<{ sum: TypedArray; kept: TypedArray }>();
    expect(outputs).toEqual({ sum: Float32Array.of(1.5), kept: Float32Array.of(0.5, 0) });
    // @ts-expect-error: the step returns nothing of this name
    expect(outputs.total).toBe(undefined);
    await program.dispose();
  });

  test('what would fail when it runs does not compile', async () => {
    const program = await make(
      ({ inputs }) => ({ outputs: { sum: tf.sum(inputs.items) } }),
      options,
    );
    const { items, weights, isReal } = arrays;

    // @ts-expect-error: isReal is missing
    await expect(program.run({ items, weights })).rejects.toThrow(/'isReal' is missing/);
    // @ts-expect-error: misspelt
    await expect(program.run({ items, weights, isreal: isReal })).rejects.toThrow(/'isreal'/);
    // @ts-expect-error: a name too many
    await expect(program.run({ ...arrays, more: items })).rejects.toThrow(/Unknown input 'more'/);
    const floats = { ...arrays, items: weights };
    // @ts-expect-error: int32 takes an Int32Array
    await expect(program.run(floats)).rejects.toThrow(/'items' must be a Int32Array/);
    await program.dispose();
  });

  test('names that are known only when it runs may be any', async () => {
    const names = ['first', 'second'];
    const spec = { shape: [2], dtype: 'float32' } as const;
    const loose: ProgramOptions = {
      inputs: Object.fromEntries(names.map((name) => [name, spec])),
    };
    const step: StepFunction = ({ inputs }) => ({
      outputs: { sum: tf.addN(Object.values(inputs)) },
    });
    const program: Program = await make(step, loose);
    const given: Record<string, TypedArray> = {};
    for (const name of names) given[name] = Float32Array.of(1, 2);

    const outputs = await program.run(given);
    expectTypeOf(outputs).toEqualTypeOf<Record<string, TypedArray>>();
    expect(outputs.sum).toEqual(Float32Array.of(2, 4));
    await program.dispose();
  });

  test('a step of any inputs serves a program of some, which is a program of any', async () => {
    const step: StepFunction = ({ inputs }) => ({ outputs: { negated: tf.neg(inputs.items!) } });
    const program = await make(step, options);
    expectTypeOf(program.run).parameter(0).toHaveProperty('isReal');
    const programs: Program[] = [program];

    expect(await programs[0]!.run(arrays)).toEqual({ negated: Int32Array.of(-3, -4) });
    await program.dispose();
  });
});

test('specs written in the call need no `as const`, nor do those of an export', async () => {
  const program = await compile(
    ({ inputs }) => ({ outputs: { y: tf.neg(inputs.x) } }),
    { inputs: { x: { shape: [2], dtype: 'int32' } } }, // biome-ignore format: one argument a line
  );
  expectTypeOf(program).toEqualTypeOf<
    CompiledProgram<
      { readonly x: { readonly shape: readonly [2]; readonly dtype: 'int32' } },
      { y: tf.Tensor }
    >
  >();
  const other = await eager(({ inputs }) => ({ outputs: { y: tf.neg(inputs.x) } }), {
    inputs: { x: { shape: [2], dtype: 'int32' } },
  });
  expectTypeOf(other.run).parameter(0).toEqualTypeOf<{ readonly x: Int32Array }>();
  const model = exportOnnx(
    ({ inputs }) => {
      // @ts-expect-error: no input has this name
      expect(inputs.y).toBe(undefined);
      return { outputs: { y: tf.neg(inputs.x) } };
    },
    { inputs: { x: { shape: ['n'], dtype: 'int32' } } },
  );

  expect(model.length).toBeGreaterThan(0);
  expect(await program.run({ x: Int32Array.of(1, -2) })).toEqual({ y: Int32Array.of(-1, 2) });
  await Promise.all([program.dispose(), other.dispose()]);
});

test('outputs of several shapes are those that all have', async () => {
  const program = await compile(
    ({ inputs }) => {
      const both = { sum: tf.sum(inputs.x), x: inputs.x };
      return inputs.x.rank > 1 ? { outputs: both } : { outputs: { sum: both.sum } };
    },
    { inputs: { x: { shape: [2], dtype: 'int32' } } },
  );

  const { sum } = await program.run({ x: Int32Array.of(1, 2) });
  expectTypeOf(sum).toEqualTypeOf<TypedArray>();
  expect(sum).toEqual(Int32Array.of(3));
  await program.dispose();
});

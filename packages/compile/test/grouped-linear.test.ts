import '@rodpo/testing/tfjs';
import { compile, eager, groupedLinear, type StepFunction } from '@rodpo/compile';
import { seededRandom } from '@rodpo/random';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';

const random = seededRandom(3);
const floats = (...shape: number[]) => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random() - 0.5),
});

/** Value and gradients of `Σ w · groupedLinear(…)`, for given weights w. */
const step: StepFunction = ({ inputs }) => {
  const { x, kernels, biases, counts, w } = inputs as Record<string, tf.Tensor>;
  const result = groupedLinear(x as tf.Tensor2D, kernels!, biases!, counts!);
  const [dx, dKernels, dBiases] = tf.grads((rows, layers, offsets) =>
    tf.sum(tf.mul(groupedLinear(rows as tf.Tensor2D, layers!, offsets!, counts!), w!)),
  )([x!, kernels!, biases!]);
  return { outputs: { result, dx: dx!, dKernels: dKernels!, dBiases: dBiases! } };
};

const [inner, outer] = [5, 7];

function inputsFor(counts: number[]) {
  const [n, groups] = [counts.reduce((a, b) => a + b, 0), counts.length];
  return {
    x: floats(n, inner),
    kernels: floats(groups, inner, outer),
    biases: floats(groups, outer),
    counts: { shape: [groups], data: Int32Array.from(counts) },
    w: floats(n, outer),
  };
}

/** Row by row, from the definition. */
function expected({ x, kernels, biases, counts, w }: ReturnType<typeof inputsFor>) {
  const n = x.shape[0]!;
  const result = new Float64Array(n * outer);
  const dx = new Float64Array(n * inner);
  const dKernels = new Float64Array(kernels.data.length);
  const dBiases = new Float64Array(biases.data.length);
  const groupOf = [...counts.data].flatMap((size, group) => Array(size).fill(group) as number[]);
  for (const [row, group] of groupOf.entries()) {
    for (let o = 0; o < outer; o++) {
      const gradient = w.data[row * outer + o]!;
      result[row * outer + o]! += biases.data[group * outer + o]!;
      dBiases[group * outer + o]! += gradient;
      for (let i = 0; i < inner; i++) {
        const at = (group * inner + i) * outer + o;
        result[row * outer + o]! += x.data[row * inner + i]! * kernels.data[at]!;
        dx[row * inner + i]! += gradient * kernels.data[at]!;
        dKernels[at]! += gradient * x.data[row * inner + i]!;
      }
    }
  }
  return { result, dx, dKernels, dBiases };
}

const cases = [[3, 1, 4], [0, 8, 0], [8], [2, 0, 0, 6, 0], [0, 0, 8], [300, 1, 211, 512]];

test.each(cases)('counts %j: values and gradients, eager and compiled', async (...counts) => {
  const inputs = inputsFor(counts);
  const specs = Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, data }]) => [
      name,
      { shape, dtype: data instanceof Int32Array ? 'int32' : 'float32' } as const,
    ]),
  );
  const arrays = Object.fromEntries(Object.entries(inputs).map(([name, { data }]) => [name, data]));
  const wanted = expected(inputs);
  for (const program of [
    await eager(step, { inputs: specs }),
    await compile(step, { inputs: specs }),
    await compile(step, { inputs: specs, threads: 4 }),
  ]) {
    const results = await program.run(arrays);
    for (const [name, values] of Object.entries(wanted)) {
      expectAllClose(results[name]!, values, { relative: 1e-5, absolute: 1e-5 });
    }
    await program.dispose();
  }
});

test('the counts may change from run to run', async () => {
  const { x, kernels, biases } = inputsFor([4, 4]);
  const program = await compile(
    ({ inputs }) => ({
      outputs: {
        y: groupedLinear(inputs.x as tf.Tensor2D, inputs.kernels!, inputs.biases!, inputs.counts!),
      },
    }),
    {
      inputs: {
        x: { shape: [8, inner], dtype: 'float32' },
        kernels: { shape: [2, inner, outer], dtype: 'float32' },
        biases: { shape: [2, outer], dtype: 'float32' },
        counts: { shape: [2], dtype: 'int32' },
      },
    },
  );
  const run = async (...counts: number[]) => {
    const data = { x: x.data, kernels: kernels.data, biases: biases.data };
    return (await program.run({ ...data, counts: Int32Array.from(counts) })).y!;
  };
  const [even, first] = [await run(4, 4), await run(8, 0)];

  expect(first.slice(0, 4 * outer)).toEqual(even.slice(0, 4 * outer));
  expect(first.slice(4 * outer)).not.toEqual(even.slice(4 * outer));
  await expect(run(4, 3)).rejects.toThrow(/[Ss]plit/);
  await program.dispose();
});

test('eagerly it leaves only its result behind, and so does its gradient', () => {
  const { x, kernels, biases, counts } = inputsFor([3, 0, 5]);
  const tensors = [x, kernels, biases].map(({ shape, data }) => tf.tensor(data, shape));
  const sizes = tf.tensor1d(counts.data, 'int32');
  const apply = (rows: tf.Tensor, layers: tf.Tensor, offsets: tf.Tensor) =>
    groupedLinear(rows as tf.Tensor2D, layers, offsets, sizes);
  const before = tf.memory().numTensors;

  const result = apply(...(tensors as [tf.Tensor, tf.Tensor, tf.Tensor]));
  expect(tf.memory().numTensors).toBe(before + 1);
  result.dispose();
  const gradients = tf.grads((...[a, b, c]) => tf.sum(apply(a!, b!, c!)))(tensors);
  expect(tf.memory().numTensors).toBe(before + gradients.length);
});

test.each([
  ['inner sizes that differ', [4, 6], [2, 5, 7], [2, 7], 'int32'],
  ['biases of another size', [4, 5], [2, 5, 7], [2, 5], 'int32'],
  ['counts of floats', [4, 5], [2, 5, 7], [2, 7], 'float32'],
] as const)('refuses %s', (_, x, kernels, biases, dtype) => {
  const call = () =>
    groupedLinear(
      tf.zeros([...x]),
      tf.zeros([...kernels]),
      tf.zeros([...biases]),
      tf.ones([2], dtype),
    );

  expect(call).toThrow(TypeError);
  expect(call).toThrow(/groupedLinear needs x \[n, in\].*got x float32 \[4,/);
});

test('eagerly, counts that do not sum to the rows are refused', () => {
  const call = (...counts: number[]) =>
    groupedLinear(
      tf.zeros([4, 5]),
      tf.zeros([2, 5, 7]),
      tf.zeros([2, 7]),
      tf.tensor1d(counts, 'int32'),
    );

  expect(() => call(1, 2)).toThrow(new RangeError('counts must sum to the 4 rows of x, got 3'));
});

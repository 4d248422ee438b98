import '@rodpo/testing/tfjs';
import { compile, exportOnnx, type StepFunction } from '@rodpo/compile';
import { seededRandom } from '@rodpo/random';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { runModel, runtimes } from './run-model.ts';

const [rows, tableRows, dimension] = [12_800, 50, 64];
const random = seededRandom(1);
// Multiples of 1/16: their sums are exact in float32, in whatever order.
const updates = Float32Array.from(
  { length: rows * dimension },
  () => Math.floor(16 * random()) / 16,
);

/** The gradient of a lookup, and sums by segment and by place: all add at repeated indices. */
const accumulate: StepFunction = ({ inputs }) => {
  const { indices, updates } = inputs as { indices: tf.Tensor1D; updates: tf.Tensor2D };
  const looked = (table: tf.Tensor) => tf.sum(tf.mul(tf.gather(table, indices), updates));
  const [count] = indices.shape;
  return {
    outputs: {
      gradient: tf.grad(looked)(tf.zeros([tableRows, dimension])),
      segments: tf.unsortedSegmentSum(updates, indices, tableRows),
      places: tf.scatterND(tf.reshape(indices, [count, 1]), updates, [tableRows, dimension]),
      counts: tf.bincount(indices, tf.ones([count]), tableRows),
    },
  };
};

function expected(indices: Int32Array): Float32Array {
  const sums = new Float32Array(tableRows * dimension);
  for (const [row, index] of indices.entries()) {
    for (let column = 0; column < dimension; column++) {
      sums[index * dimension + column]! += updates[row * dimension + column]!;
    }
  }
  return sums;
}

test.each([
  ['every row repeated', Int32Array.from({ length: rows }, (_, row) => row % tableRows)],
  ['one row only', new Int32Array(rows).fill(3)],
  ['drawn rows', Int32Array.from({ length: rows }, () => Math.floor(tableRows * random()))],
])('many threads lose no update: %s', async (_, indices) => {
  const program = await compile(accumulate, {
    inputs: {
      indices: { shape: [rows], dtype: 'int32' },
      updates: { shape: [rows, dimension], dtype: 'float32' },
    },
    threads: 4,
  });
  const sums = expected(indices);
  for (let run = 0; run < 30; run++) {
    const { gradient, segments, places, counts } = await program.run({ indices, updates });
    expect(gradient).toEqual(sums);
    expect(segments).toEqual(sums);
    expect(places).toEqual(sums);
    expect([...counts!].reduce((sum, count) => sum + count, 0)).toBe(rows);
  }
  await program.dispose();
});

test('many threads lose no count', async () => {
  const size = 2 ** 20;
  const program = await compile(
    ({ inputs }) => ({
      outputs: { counts: tf.bincount(inputs.x as tf.Tensor1D, tf.tensor1d([]), 5) },
    }),
    { inputs: { x: { shape: [size], dtype: 'int32' } }, threads: 4 },
  );
  const x = Int32Array.from({ length: size }, (_, index) => index % 4);
  for (let run = 0; run < 5; run++) {
    const { counts } = await program.run({ x });
    expect(counts).toEqual(Float32Array.of(size / 4, size / 4, size / 4, size / 4, 0));
  }
  await program.dispose();
});

test.each(runtimes)('an exported model adds with a dynamic count, in %s', async (_, runtime) => {
  const step: StepFunction = (context) => {
    const { segments, places } = accumulate(context).outputs;
    return { outputs: { segments: segments!, places: places! } };
  };
  const model = exportOnnx(step, {
    inputs: {
      indices: { shape: ['n'], dtype: 'int32' },
      updates: { shape: ['n', dimension], dtype: 'float32' },
    },
  });
  const indices = Int32Array.from({ length: rows }, (_, row) => row % tableRows);
  const { segments, places } = await runModel(runtime, model, {
    indices: { shape: [rows], data: indices },
    updates: { shape: [rows, dimension], data: updates },
  });

  expectAllClose(segments!.data, expected(indices), { relative: 0, absolute: 0 });
  expectAllClose(places!.data, expected(indices), { relative: 0, absolute: 0 });
});

test('nothing, and places in several axes, can be added', async () => {
  const program = await compile(
    ({ inputs }) => ({
      outputs: {
        none: tf.scatterND(tf.zeros([0, 1], 'int32'), tf.zeros([0, 2]), [3, 2]),
        cells: tf.scatterND(inputs.cells!, inputs.values!, [2, 3]),
      },
    }),
    {
      inputs: {
        cells: { shape: [3, 2], dtype: 'int32' },
        values: { shape: [3], dtype: 'float32' },
      },
    },
  );
  const cells = Int32Array.of(0, 1, 1, 2, 0, 1);
  const outputs = await program.run({ cells, values: Float32Array.of(1, 2, 4) });

  expect(outputs.none).toEqual(new Float32Array(6));
  expect(outputs.cells).toEqual(Float32Array.of(0, 5, 0, 0, 0, 2));
});

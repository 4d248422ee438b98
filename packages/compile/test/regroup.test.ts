import '@rodpo/testing/tfjs';
import { compile, eager, groupedLinear, type InputArrays, type StepFunction } from '@rodpo/compile';
import { seededRandom } from '@rodpo/random';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';

const [n, groups, width, hiddenWidth] = [12, 3, 4, 6];
const inputs = {
  x: { shape: [n, width], dtype: 'float32' },
  up: { shape: [groups, width, hiddenWidth], dtype: 'float32' },
  upBias: { shape: [groups, hiddenWidth], dtype: 'float32' },
  down: { shape: [groups, hiddenWidth, width], dtype: 'float32' },
  downBias: { shape: [groups, width], dtype: 'float32' },
  row: { shape: [hiddenWidth], dtype: 'float32' },
  counts: { shape: [groups], dtype: 'int32' },
  otherCounts: { shape: [groups], dtype: 'int32' },
} as const;

type Tensors = Record<string, tf.Tensor>;
type Between = (hidden: tf.Tensor, inputs: Tensors) => tf.Tensor;

const up = ({ x, up, upBias, counts }: Tensors) =>
  groupedLinear(x as tf.Tensor2D, up!, upBias!, counts!);
const down = (hidden: tf.Tensor, { down, downBias }: Tensors, counts: tf.Tensor) =>
  groupedLinear(hidden as tf.Tensor2D, down!, downBias!, counts);

const twoLayers =
  (between: Between): StepFunction =>
  ({ inputs }) => ({
    outputs: { y: down(between(up(inputs), inputs), inputs, inputs.counts!) },
  });

function valuesFor(counts: readonly number[]): InputArrays<typeof inputs> {
  const random = seededRandom(5);
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, dtype }]) => {
      const size = shape.reduce<number>((product, extent) => product * extent, 1);
      const floats = Float32Array.from({ length: size }, () => random() - 0.5);
      return [name, dtype === 'int32' ? Int32Array.from(counts) : floats];
    }),
  ) as unknown as InputArrays<typeof inputs>;
}

/** How often groups are joined, after checking all results against the eager engine's. */
async function joins(step: StepFunction): Promise<number> {
  const program = await compile(step, { inputs, profile: true });
  const reference = await eager(step, { inputs });
  const cases = [[4, 4, 4], [0, 12, 0], [7, 0, 5], [12, 0, 0]]; // biome-ignore format: short
  for (const counts of cases) {
    const [found, expected] = [
      await program.run(valuesFor(counts)),
      await reference.run(valuesFor(counts)),
    ];
    for (const [name, values] of Object.entries(expected)) {
      expectAllClose(found[name]!, values, { relative: 1e-5, absolute: 1e-5 });
    }
  }
  const operators = await program.profile();
  await program.dispose();
  await reference.dispose();
  return (operators.find(({ operator }) => operator === 'Concat')?.count ?? 0) / cases.length;
}

describe('between two layers, groups stay apart', () => {
  const kept: [string, Between][] = [
    ['nothing', (hidden) => hidden],
    ['a ReLU', (hidden) => tf.relu(hidden)],
    ['a GELU', (h) => tf.mul(h, tf.mul(0.5, tf.add(tf.erf(tf.mul(h, Math.SQRT1_2)), 1)))],
    ['a SwiGLU of itself', (hidden) => tf.mul(hidden, tf.mul(hidden, tf.sigmoid(hidden)))],
  ];

  test.each(kept)('%s', async (_, between) => {
    expect(await joins(twoLayers(between))).toBe(1);
  });

  test('as do those of three layers', async () => {
    const step: StepFunction = ({ inputs }) => {
      const first = down(tf.relu(up(inputs)), inputs, inputs.counts!);
      return { outputs: { y: up({ ...inputs, x: tf.tanh(first) }) } };
    };

    expect(await joins(step)).toBe(1);
  });
});

describe('rows are joined', () => {
  const joined: [string, StepFunction][] = [
    ['where rows are compared', twoLayers((hidden) => tf.softmax(hidden))],
    ['where a row of values is added', twoLayers((hidden, { row }) => tf.add(hidden, row!))],
    [
      'where they are read as well',
      ({ inputs }) => {
        const hidden = tf.relu(up(inputs));
        return { outputs: { y: down(hidden, inputs, inputs.counts!), mean: tf.mean(hidden) } };
      },
    ],
    [
      'where they are a result as well',
      ({ inputs }) => {
        const hidden = tf.relu(up(inputs));
        return { outputs: { y: down(hidden, inputs, inputs.counts!), hidden } };
      },
    ],
    [
      'where groups may be others',
      ({ inputs }) => ({
        outputs: { y: down(tf.relu(up(inputs)), inputs, inputs.otherCounts!) },
      }),
    ],
    [
      'where another table of rows comes in',
      ({ inputs }) => {
        const other = tf.matMul(
          inputs.x as tf.Tensor2D,
          tf.squeeze(tf.slice(inputs.up!, 0, 1), [0]) as tf.Tensor2D,
        );
        return { outputs: { y: down(tf.mul(up(inputs), other), inputs, inputs.counts!) } };
      },
    ],
  ];

  test.each(joined)('%s', async (_, step) => {
    expect(await joins(step)).toBe(2);
  });

  test('for gradients, which are right', async () => {
    const step: StepFunction = ({ inputs }) => {
      const loss = (x: tf.Tensor) =>
        tf.sum(tf.square(down(tf.relu(up({ ...inputs, x })), inputs, inputs.counts!))) as tf.Scalar;
      return { outputs: { dx: tf.grad(loss)(inputs.x!) } };
    };

    expect(await joins(step)).toBeGreaterThan(1);
  });
});

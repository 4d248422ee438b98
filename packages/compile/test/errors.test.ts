import {
  compile,
  ExecutionProviderError,
  eager,
  RandomInsideTraceError,
  ReadInsideTraceError,
  type StepFunction,
  UnsupportedKernelError,
} from '@rodpo/compile';
import { isActionable } from '@rodpo/errors';
import { testBackend } from '@rodpo/testing/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, test } from 'vitest';
import { engines } from './engines.ts';
import { batch, descend, descendOptions, float, stepOf } from './programs.ts';

afterEach(() => {
  expect(tf.getBackend()).toBe(testBackend); // active again, whatever happened
});

const fixed =
  'Shapes are fixed when a step is compiled: compile another program for another shape.';

describe.each(engines)('%s', (_, make) => {
  test.each([
    [
      'missing',
      { x: batch.x },
      "Input 'y' is missing: expected a Float32Array of 8 values for shape [4,2].",
    ],
    ['unknown', { ...batch, z: batch.x }, "Unknown input 'z'. This program takes: x, y."],
    [
      'inherited',
      { ...batch, toString: batch.x },
      "Unknown input 'toString'. This program takes: x, y.",
    ],
    [
      'of a wrong type',
      { ...batch, y: new Int32Array(8) },
      "Input 'y' must be a Float32Array of 8 values for shape [4,2], got a Int32Array of 8. " +
        fixed,
    ],
    [
      'of a wrong size',
      { ...batch, x: new Float32Array(11) },
      "Input 'x' must be a Float32Array of 12 values for shape [4,3], got a Float32Array of 11. " +
        fixed,
    ],
  ])('rejects an input that is %s', async (_, inputs, message) => {
    const program = await make(descend, descendOptions);

    await expect(program.run(inputs as never)).rejects.toThrow(new TypeError(message));
  });

  test.each([
    [
      'unknown',
      { bias: { shape: [2], data: new Float32Array(2) } },
      "Unknown state 'bias'. This program carries: weights.",
    ],
    [
      'of a wrong shape',
      { weights: { shape: [2, 3], data: new Float32Array(6) } },
      `State 'weights' must have shape [3,2], got [2,3]. ${fixed}`,
    ],
    [
      'of a wrong type',
      { weights: { shape: [3, 2], data: new Int32Array(6) } },
      "State 'weights' must be a Float32Array of 6 values for shape [3,2], " +
        `got a Int32Array of 6. ${fixed}`,
    ],
  ])('rejects loading state that is %s', async (_, state, message) => {
    const program = await make(descend, descendOptions);

    expect(() => program.load(state as never)).toThrow(new TypeError(message));
    expect((await program.state()).weights).toEqual(descendOptions.state!.weights);
  });

  test('rejects initial state whose size contradicts its shape', async () => {
    const state = { weights: { shape: [3, 2], data: new Float32Array(5) } };

    await expect(make(descend, { ...descendOptions, state })).rejects.toThrow(
      "State 'weights' must be a Float32Array of 6 values for shape [3,2], got a Float32Array of 5.",
    );
  });

  const returning = async (state: () => Record<string, tf.Tensor>) => {
    const program = await make(() => ({ outputs: {}, state: state() }), {
      inputs: {},
      state: { s: { shape: [2], data: new Float32Array(2) } },
    });
    await program.run({});
  };

  test.each([
    ['t', 'float32 [2]', 'no such state', () => ({ t: tf.zeros([2]) })],
    ['s', 'float32 [2,1]', 'float32 [2]', () => ({ s: tf.zeros([2, 1]) })],
    ['s', 'int32 [2]', 'float32 [2]', () => ({ s: tf.zeros([2], 'int32') })],
  ])('rejects a step that returns %s as %s', async (name, form, known, state) => {
    await expect(returning(state)).rejects.toThrow(
      new TypeError(
        `The step returned state '${name}' as ${form}, but the program carries ${known}. ` +
          'Return state under its own name, with its own type and shape.',
      ),
    );
  });
});

const squareOfUniqueSlope = tf.customGrad((x) => ({
  value: tf.square(x as tf.Tensor),
  gradFunc: (dy) => tf.unique(dy).values,
}));

test.each<[string, string, StepFunction]>([
  ['Unique', 'a kernel without a rule', stepOf((x) => tf.unique(x).values)],
  [
    'NonMaxSuppressionV3',
    'another',
    stepOf((x) => tf.image.nonMaxSuppression(x.as2D(1, 4), tf.ones([1]), 1)),
  ],
  ['Unique', 'one in a gradient', stepOf(tf.grad(squareOfUniqueSlope))],
  ['RealDiv', 'booleans divided', stepOf((x) => tf.div(tf.greater(x, 0), tf.less(x, 0)))],
  [
    'BatchMatMul',
    'booleans multiplied',
    stepOf((x) => tf.matMul(tf.greater(x.as2D(2, 2), 0), tf.less(x.as2D(2, 2), 0))),
  ],
])('names the kernel %s: %s', async (kernel, _, step) => {
  const before = tf.memory().numTensors;
  const failure = await compile(step, float(4)).catch((error: unknown) => error);

  expect(failure).toBeInstanceOf(UnsupportedKernelError);
  expect(failure).toMatchObject({ name: 'UnsupportedKernelError', kernel });
  expect(String(failure)).toMatch(`The tfjs kernel '${kernel}'`);
  expect(tf.memory().numTensors).toBe(before);
});

test('says which op of the step needs the kernel, of what, and where', async () => {
  const step: StepFunction = ({ inputs }) => ({
    outputs: { y: tf.unique(tf.reshape(inputs.x!, [2, 2]), 1).values },
  });

  await expect(compile(step, float(4))).rejects.toThrow(
    /^The tfjs kernel 'Unique' cannot be compiled: tf\.unique of \(x: float32 \[2,2\]\), at .*errors\.test\.ts:\d+:\d+/,
  );
});

test('strings cannot be compiled', async () => {
  const step: StepFunction = () => ({
    outputs: { y: tf.equal(tf.tensor(['a']), tf.tensor(['b'])) },
  });

  await expect(compile(step, float(1))).rejects.toThrow(/'Equal' of strings cannot be compiled/);
});

test('matrices that do not match are found while tracing', async () => {
  const step: StepFunction = ({ inputs }) => ({
    outputs: { y: tf.matMul(tf.reshape(inputs.x!, [2, 3]), tf.reshape(inputs.x!, [2, 3])) },
  });

  await expect(compile(step, float(6))).rejects.toThrow(/inner dimensions must match/);
});

test('what the compiler cannot do, the eager engine can', async () => {
  const program = await eager(
    stepOf((x) => tf.unique(x).values),
    float(2),
  );

  expect((await program.run({ x: Float32Array.of(3, 3) })).y).toEqual(Float32Array.of(3));
});

test.each<[string, StepFunction]>([
  ['dataSync', stepOf((x) => tf.scalar(x.dataSync()[0]!))],
  ['arraySync', stepOf((x) => tf.tensor(tf.exp(x).arraySync()))],
  ['bufferSync', stepOf((x) => x.bufferSync().toTensor())],
])('refuses %s in a trace', async (_, step) => {
  const failure = await compile(step, float(2)).catch((error: unknown) => error);

  expect(failure).toBeInstanceOf(ReadInsideTraceError);
  expect(failure).toMatchObject({ name: 'ReadInsideTraceError' });
});

test.each<[string, StepFunction]>([
  ['tf.randomUniform', stepOf((x) => tf.add(x, tf.randomUniform([2])))],
  ['tf.dropout', stepOf((x) => tf.dropout(x, 0.5))],
  ['Math.random', stepOf((x) => tf.mul(x, Math.random()))],
])('refuses %s in a trace', async (_, step) => {
  const { random } = Math;
  const failure = await compile(step, float(2)).catch((error: unknown) => error);

  expect(failure).toBeInstanceOf(RandomInsideTraceError);
  expect(failure).toMatchObject({ name: 'RandomInsideTraceError' });
  expect(Math.random).toBe(random);
});

test("passes on the step's own errors", async () => {
  const failure = new Error('my own');
  const step: StepFunction = () => {
    throw failure;
  };

  await expect(compile(step, float(2))).rejects.toBe(failure);
});

test.each([
  ['abacus', undefined],
  ['dml', 'Windows'],
  ['coreml', 'macOS'],
])('names a provider that this binary lacks: %s', async (provider, advice = '') => {
  const options = { ...float(2), executionProviders: [provider, 'cpu'] };
  const failure = await compile(stepOf(tf.exp), options).catch((error: unknown) => error);

  expect(failure).toBeInstanceOf(ExecutionProviderError);
  expect(failure).toMatchObject({ provider, available: expect.arrayContaining(['cpu']) });
  expect(String(failure)).toMatch(`no execution provider "${provider}" here`);
  expect(String(failure)).toMatch(advice);
  expect(String(failure)).toMatch("Use executionProviders: ['cpu'] to run without it.");
});

test.each([
  ['a provider', { executionProviders: ['abacus'] }, /"abacus"/],
  ['a name that a terminal acts on', { executionProviders: ['\u001b[2J'] }, /"\\u\{1b\}\[2J"/],
  ['a name of every object', { executionProviders: ['toString'] }, /has: [a-z, ]+\. Use/],
  [
    'no whole number of threads',
    { threads: 1.5 },
    /^RangeError: threads must be a positive integer/,
  ],
  ['no thread', { threads: 0 }, /threads must be a positive integer, got 0/],
  ['a negative spin', { spinning: -1 }, /spinning must be an integer from 0 to 1000000, got -1/],
  ['a part of a microsecond', { spinning: 0.5 }, /spinning must be an integer from 0/],
])(
  'what is asked of onnxruntime and cannot be is for the person who asked: %s',
  async (_, asked, message) => {
    const failure = await compile(stepOf(tf.exp), { ...float(2), ...asked }).catch(
      (error) => error,
    );

    expect(isActionable(failure)).toBe(true);
    expect(String(failure)).toMatch(message);
  },
);

test('so is a kernel without an ONNX form: the message says which op, of what, and where', async () => {
  const failure = await compile(
    stepOf((x) => tf.unique(x).values),
    float(2),
  ).catch((error) => error);

  expect(isActionable(failure)).toBe(true);
});

test('names a provider that cannot start on this machine', async () => {
  const options = { ...float(2), executionProviders: ['tensorrt'] };
  const made = await compile(stepOf(tf.exp), options).catch((error: unknown) => error);

  if (made instanceof Error) expect(made).toBeInstanceOf(ExecutionProviderError);
  else expect(made).toMatchObject({ engine: 'onnxruntime' }); // a machine that has TensorRT
});

test('without a tfjs backend there is none afterwards, either', async () => {
  tf.engine().backendName = null as never;
  await compile(stepOf(tf.exp), float(2));

  expect(tf.getBackend()).toBeNull();
  await tf.setBackend(testBackend);
  const program = await compile(stepOf(tf.square), float(2)); // and the recorder registers again
  expect((await program.run({ x: Float32Array.of(2, 3) })).y).toEqual(Float32Array.of(4, 9));
});

import '@rodpo/testing/tfjs';
import { compile, eager, type StepFunction } from '@rodpo/compile';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { draw, float, type Operand } from './kernel-cases/kernel-case.ts';

/** Where tfjs's cpu backend is wrong, so that `kernels.test.ts` can't compare with it. */

async function run(
  make: typeof eager,
  operands: readonly Operand[],
  compute: (...tensors: tf.Tensor[]) => tf.Tensor[],
) {
  const inputs = Object.fromEntries(operands.map((operand, index) => [`x${index}`, operand]));
  const step: StepFunction = ({ inputs }) => {
    const results = compute(...operands.map((_, index) => inputs[`x${index}`]!));
    return { outputs: Object.fromEntries(results.entries()) };
  };
  const program = await make(step, { inputs });
  const values = operands.map((operand, index) => [`x${index}`, draw(operand, index)] as const);
  const outputs = await program.run(Object.fromEntries(values));
  await program.dispose();
  return Object.values(outputs);
}

test('einsum sums over every axis that the result lacks', async () => {
  const [matrix, vector, all] = await run(
    compile,
    [
      { ...float(2, 3), values: [1, 2, 3, 4, 5, 6] },
      { ...float(2), values: [10, 1] },
    ],
    (x, y) => [
      tf.einsum('ij,k->jk', x!, y!),
      tf.einsum('ij,k->j', x!, y!),
      tf.einsum('ij,k->', x!, y!),
    ],
  );

  expect(matrix).toEqual(Float32Array.of(50, 5, 70, 7, 90, 9));
  expect(vector).toEqual(Float32Array.of(55, 77, 99));
  expect(all).toEqual(Float32Array.of(231));
});

test('transforms every image of a batch', async () => {
  const operands = [float(2, 4, 5, 3), { ...float(2, 8), low: -0.5, high: 0.5 }];
  const [expected] = await run(eager, operands, (images, matrices) => {
    const parts = [tf.split(images!, 2), tf.split(matrices!, 2)] as [tf.Tensor4D[], tf.Tensor2D[]];
    return [tf.concat(parts[0].map((image, index) => tf.image.transform(image, parts[1][index]!)))];
  });
  const [got] = await run(compile, operands, (images, matrices) => [
    tf.image.transform(images as tf.Tensor4D, matrices as tf.Tensor2D),
  ]);

  expectAllClose(got!, expected!);
});

/** The gradient is the transposed of a linear function: ⟨∇, x⟩ = ⟨dy, f(x)⟩ for every x. */
test.each([
  [tf.image.resizeBilinear, false],
  [tf.image.resizeBilinear, true],
  [tf.image.resizeNearestNeighbor, false],
  [tf.image.resizeNearestNeighbor, true],
] as const)(
  'the gradient of %o, corners aligned: %s, in a batch of oblongs',
  async (resize, isAligned) => {
    const f = (x: tf.Tensor) => resize(x as tf.Tensor4D, [7, 2], isAligned);
    const [left, right] = await run(
      compile,
      [float(3, 1, 5, 2), float(3, 1, 5, 2), float(3, 7, 2, 2)],
      (at, x, dy) => [tf.sum(tf.mul(tf.grad(f)(at!, dy!), x!)), tf.sum(tf.mul(dy!, f(x!)))],
    );

    expectAllClose(left!, right!, { relative: 1e-5, absolute: 1e-4 }); // sums of 84 terms up to 16
  },
);

test('the largest values of volumes, in windows of unequal height and width', async () => {
  const [gradient] = await run(
    compile,
    [{ ...float(1, 1, 2, 3, 1), values: [1, 5, 2, 0, 3, 4] }],
    (x) => [tf.grad((x) => tf.sum(tf.maxPool3d(x as tf.Tensor5D, [1, 2, 3], 1, 'valid')))(x!)],
  );

  expect(gradient).toEqual(Float32Array.of(0, 1, 0, 0, 0, 0));
});

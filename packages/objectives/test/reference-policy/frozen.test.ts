import { frozen } from '@rodpo/objectives';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { describeLoss } from '../loss-contract.ts';
import { derivative, expectTensors } from '../tfjs.ts';

describeLoss(
  'frozen',
  (x) =>
    tf.tidy(() =>
      tf.mul(
        x!,
        frozen(() => tf.square(x!)),
      ),
    ),
  [{ shape: [3], data: [1, 2, -3] }],
);

test('its value is a constant to the gradient', () => {
  const x = tf.tensor1d([2, -3]);
  const { value, gradients } = derivative(
    (x) =>
      tf.sum(
        tf.mul(
          x!,
          frozen(() => tf.square(x!)),
        ),
      ),
    [x],
  );

  expectAllClose([value], [8 - 27]); // Σ x · x²
  expectAllClose(gradients[0]!, [4, 9]); // x², where that of x³ is 3 x²
});

test('also from variables', () => {
  const weight = tf.variable(tf.scalar(3));
  const { grads } = tf.variableGrads(
    () =>
      tf.mul(
        weight,
        frozen(() => tf.mul(weight, 2)),
      ) as tf.Scalar,
  );

  expect(grads[weight.name]!.arraySync()).toBe(6);
  weight.dispose();
});

test('leaves only its result behind', () => {
  const x = tf.tensor1d([2, -3]);

  expectTensors(1, () => frozen(() => tf.square(tf.neg(tf.abs(x)))));
});

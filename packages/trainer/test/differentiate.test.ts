import { expectAllClose } from '@rodpo/testing';
import { expectTensors } from '@rodpo/testing/tfjs';
import { differentiate } from '@rodpo/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { valuesOf } from './values-of.ts';

const parameters = { slope: tf.scalar(3), points: tf.tensor1d([1, -2]) };

/** `Σ slope · x²`: by slope `Σ x²`, by each x `2 · slope · x`. */
const loss = ({ slope, points }: Record<string, tf.Tensor>): tf.Scalar =>
  tf.sum(tf.mul(slope!, tf.square(points!)));

test('is the value and the gradients of the closed form, by name', () => {
  const { loss: value, gradients, logged } = differentiate(loss, parameters);

  expect(value.arraySync()).toBe(15);
  expect(Object.keys(gradients)).toEqual(['slope', 'points']);
  expect(valuesOf(gradients)).toEqual({ slope: [5], points: [6, -12] });
  expect(gradients.slope!.shape).toEqual([]);
  expect(logged).toEqual({});
});

test('agrees with finite differences', () => {
  const at = (x: number) => tf.tensor1d([x, 0.5]);
  const curve = ({ x }: Record<string, tf.Tensor>): tf.Scalar => tf.sum(tf.sin(tf.exp(x!)));
  const value = (x: number) => curve({ x: at(x) }).arraySync();
  const { gradients } = differentiate(curve, { x: at(0.3) });

  // Central difference over h = 0.01: error h²/6 times a third derivative below 10, 2e-4, and
  // float32 rounding of 1e-7 / h = 1e-5.
  const slope = (value(0.31) - value(0.29)) / 0.02;
  expectAllClose([gradients.x!.dataSync()[0]!], [slope], { absolute: 3e-4 });
});

test('passes on what the loss logs; logging has no gradient', () => {
  const {
    loss: value,
    gradients,
    logged,
  } = differentiate((named, log) => {
    log('norm', tf.sum(tf.square(named.points!)));
    log('points', named.points!);
    log('norm', tf.norm(named.points!, 1)); // the last one counts
    return loss(named);
  }, parameters);

  expect(value.arraySync()).toBe(15);
  expect(valuesOf(gradients)).toEqual({ slope: [5], points: [6, -12] });
  expect(valuesOf(logged)).toEqual({ norm: [3], points: [1, -2] });
});

test('leaves only its results behind', () => {
  // The loss and two gradients.
  expectTensors(3, () => differentiate(loss, parameters));
  // One logged as well, though it was logged twice.
  expectTensors(4, () =>
    differentiate((named, log) => {
      log('square', tf.square(named.points!));
      log('square', tf.square(named.points!));
      return loss(named);
    }, parameters),
  );
});

test('belongs to the scope of the caller', () => {
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    differentiate((named, log) => {
      log('points', named.points!);
      return loss(named);
    }, parameters);
  });

  expect(tf.memory().numTensors).toBe(before);
});

test('passes on an error in the loss, and lets go of what was logged', () => {
  expectTensors(0, () => {
    expect(() =>
      differentiate((named, log) => {
        log('points', named.points!);
        throw new Error('no loss');
      }, parameters),
    ).toThrow('no loss');
  });
});

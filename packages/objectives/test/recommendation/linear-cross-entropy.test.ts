import { linearCrossEntropy } from '@rodpo/objectives';
import { gaussianRandom, seededRandom } from '@rodpo/random';
import { expectAllClose } from '@rodpo/testing';
import { derivative, expectTensors, loop } from '@rodpo/testing/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { golden } from '../golden/losses.ts';

interface Problem {
  readonly hidden: tf.Tensor2D;
  readonly items: tf.Tensor2D;
  readonly targets: tf.Tensor1D;
  readonly weights: tf.Tensor1D;
}

/** Twelve rows against seven items, reproducible; two rows weigh nothing. */
function problem(amplitude = 1): Problem {
  const normal = gaussianRandom(seededRandom(3));
  const values = (count: number) =>
    Float32Array.from({ length: count }, () => amplitude * normal());
  return {
    hidden: tf.tensor2d(values(36), [12, 3]),
    items: tf.tensor2d(values(21), [7, 3]),
    targets: tf.tensor1d([0, 6, 3, 3, 2, 5, 1, 1, 4, 6, 0, 2], 'int32'),
    weights: tf.tensor1d([1, 0, 2, 0.5, 1, 1, 0, 3, 1, 1, 0.25, 1]),
  };
}

const loss = ({ hidden, items, targets, weights }: Problem, blockSize: number) =>
  linearCrossEntropy(hidden, items, targets, { weights, blockSize, scan: loop });

const derivativeOf = (at: Problem, blockSize: number, factor = 1) =>
  derivative(
    (h, e) =>
      tf.mul(factor, loss({ ...at, hidden: h as tf.Tensor2D, items: e as tf.Tensor2D }, blockSize)),
    [at.hidden, at.items],
  );

/** The same by log-softmax of the whole score matrix, and tfjs's own gradients. */
const denseDerivativeOf = ({ hidden, items, targets, weights }: Problem) =>
  derivative(
    (h, e) => {
      const logs = tf.logSoftmax(tf.matMul(h as tf.Tensor2D, e as tf.Tensor2D, false, true));
      const picked = tf.sum(tf.mul(logs, tf.oneHot(targets, items.shape[0])), 1);
      return tf.div(tf.neg(tf.sum(tf.mul(weights, picked))), tf.sum(weights));
    },
    [hidden, items],
  );

test.each(golden.crossEntropy)('agrees with PyTorch: weights $weights', (expected) => {
  const at = {
    hidden: tf.tensor2d(expected.hidden),
    items: tf.tensor2d(expected.items),
    targets: tf.tensor1d(expected.targets, 'int32'),
    weights: tf.tensor1d(expected.weights),
  };
  const { value, gradients } = derivativeOf(at, 2);

  expectAllClose([value], [expected.loss], { relative: 1e-5, absolute: 0 });
  // Scores reach 50 in the largest case; float32 rounds them by up to 2⁻¹⁸, and a probability by
  // that share. The gradients are differences of sums of up to 2 in magnitude.
  const tolerance = { relative: 1e-5, absolute: 4e-6 };
  expectAllClose(gradients[0]!, expected.gradients.hidden.flat(), tolerance);
  expectAllClose(gradients[1]!, expected.gradients.items.flat(), tolerance);
});

test('is log itemCount where all scores are equal', () => {
  const { value, gradients } = derivativeOf({ ...problem(), hidden: tf.zeros([12, 3]) }, 4);

  expectAllClose([value], [Math.log(7)]);
  expectAllClose(gradients[1]!, new Float32Array(21)); // each row's gradient is a multiple of it
});

test.each([1, 2, 3, 4, 6, 12])('equals dense log-softmax in blocks of %d', (blockSize) => {
  const dense = denseDerivativeOf(problem());
  const { value, gradients } = derivativeOf(problem(), blockSize);

  expectAllClose([value], [dense.value]);
  expectAllClose(gradients[0]!, dense.gradients[0]!);
  expectAllClose(gradients[1]!, dense.gradients[1]!);
});

test('passes the factor from above on to its gradients', () => {
  const once = derivativeOf(problem(), 3);
  const twice = derivativeOf(problem(), 3, 2);

  expectAllClose([twice.value], [2 * once.value]);
  for (const of of [0, 1]) {
    expectAllClose(
      twice.gradients[of]!,
      once.gradients[of]!.map((slope) => 2 * slope),
    );
  }
});

test('gradients of the items cancel out, as probabilities sum to one', () => {
  // By item e: Σ_rows w (p_e − [e = target]) · hidden, and Σ_e p_e = 1.
  const { gradients } = derivativeOf(problem(), 4);
  const sums = [0, 1, 2].map((column) =>
    gradients[1]!.reduce((sum, slope, index) => sum + (index % 3 === column ? slope : 0), 0),
  );

  expectAllClose(sums, [0, 0, 0]);
});

test('rows of weight 0 get no gradient and leave the loss alone', () => {
  const at = problem();
  const moved = { ...at, hidden: at.hidden.clone() };
  moved.hidden.dataSync().fill(9, 3, 6); // row 1 weighs 0
  const [before, after] = [derivativeOf(at, 4), derivativeOf(moved, 4)];

  expect(after.value).toBe(before.value);
  expect(after.gradients[1]).toEqual(before.gradients[1]);
  expect([...before.gradients[0]!.slice(3, 6)].map(Math.abs)).toEqual([0, 0, 0]);
});

test('scores of ±1e4 stay finite', () => {
  const at = {
    hidden: tf.tensor2d([100, -100], [2, 1]),
    items: tf.tensor2d([100, -100, 0], [3, 1]),
    targets: tf.tensor1d([0, 0], 'int32'),
    weights: tf.tensor1d([1, 1]),
  };
  const { value, gradients } = derivativeOf(at, 1);

  // Row 0 is certain and right: loss 0. Row 1 is certain of item 1: loss 1e4 − (−1e4) = 2e4.
  expectAllClose([value], [1e4]);
  expectAllClose(gradients[0]!, [0, -100]); // ½ (e₁ − e₀) for row 1
  expectAllClose(gradients[1]!, [50, -50, 0]); // ½ h₁ (p − target) of row 1
});

test('an offset common to all scores costs no digits', () => {
  const at = {
    hidden: tf.tensor2d([1, 1], [1, 2]),
    items: tf.tensor2d([1e4, 1, 1e4, 0], [2, 2]), // scores 10 001 and 10 000
    targets: tf.tensor1d([0], 'int32'),
    weights: tf.tensor1d([1]),
  };

  expectAllClose([...loss(at, 1).dataSync()], [Math.log1p(Math.exp(-1))]);
});

test('leaves only its result behind, with and without gradients', () => {
  const at = problem();

  expectTensors(1, () => loss(at, 4));
  expectTensors(3, () =>
    tf.valueAndGrads((h, e) =>
      loss({ ...at, hidden: h as tf.Tensor2D, items: e as tf.Tensor2D }, 4),
    )([at.hidden, at.items]),
  );
});

test.each([0, -4, 0.5, 5, 24, Number.NaN])('rejects blockSize %d for 12 rows', (blockSize) => {
  expect(() => loss(problem(), blockSize)).toThrow(
    new RangeError(`blockSize must be a positive divisor of the 12 rows, got ${blockSize}`),
  );
});

test('rejects shapes that do not fit, and says which', () => {
  const at = problem();
  const with_ = (change: object) => () => loss({ ...at, ...change }, 4);

  expect(with_({ items: tf.zeros([7, 4]) })).toThrow(
    'linearCrossEntropy: items: Shapes 7,4 and 7,3 must match',
  );
  expect(with_({ targets: tf.zeros([6], 'int32') })).toThrow('targets: Shapes 6 and 12 must');
  expect(with_({ weights: tf.ones([12, 1]) })).toThrow('weights: Shapes 12,1 and 12 must');
});

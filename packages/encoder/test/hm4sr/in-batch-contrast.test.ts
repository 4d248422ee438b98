import '@rodpo/testing/tfjs';
import { inBatchContrast } from '@rodpo/encoder';
import { seededRandom } from '@rodpo/random';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';

const integers = (...values: number[]) => tf.tensor1d(values, 'int32');
const value = (loss: tf.Scalar) => loss.dataSync()[0]!;

const anchors = tf.tensor2d([[1, 0], [0, 2], [3, 4]]); // biome-ignore format: rows
const positives = tf.tensor2d([[2, 0], [1, 0], [0, 5]]); // biome-ignore format: rows
const ids = integers(1, 2, 3);
const weights = tf.ones([3]);

/** The formula with loops, in float64. */
function direct(
  given: { anchors: number[][]; positives: number[][]; ids: number[]; weights: number[] },
  temperature: number,
): number {
  const cosine = (x: number[], y: number[]) =>
    x.reduce((sum, value, i) => sum + value * y[i]!, 0) / Math.hypot(...x) / Math.hypot(...y);
  const losses = given.anchors.map((anchor, row) => {
    const terms = given.positives.flatMap((positive, column) => {
      const isLeftOut = column !== row && given.ids[column] === given.ids[row];
      const counts = given.weights[column]! > 0 && !isLeftOut;
      return counts ? [Math.exp(cosine(anchor, positive) / temperature)] : [];
    });
    const total = terms.reduce((sum, term) => sum + term, 0);
    return Math.log(total) - cosine(anchor, given.positives[row]!) / temperature;
  });
  const weighted = losses.map((loss, row) =>
    given.weights[row]! > 0 ? loss * given.weights[row]! : 0,
  );
  const sum = (values: number[]) => values.reduce((total, one) => total + one, 0);
  return sum(weighted) / sum(given.weights);
}

describe('inBatchContrast', () => {
  test('is the cross-entropy of the cosines', () => {
    // Cosines: [1, 1, 0], [0, 0, 1], [.6, .6, .8]. Less their own, exp and summed, log:
    // log(1 + 1 + e⁻¹), log(1 + 1 + e), log(2 · e^−.2 + 1).
    const rows = [
      Math.log(2 + Math.exp(-1)),
      Math.log(2 + Math.E),
      Math.log(2 * Math.exp(-0.2) + 1),
    ];

    expectAllClose(inBatchContrast(anchors, positives, { ids, weights }).dataSync(), [
      (rows[0]! + rows[1]! + rows[2]!) / 3,
    ]);
  });

  test('leaves other rows with the same id out of the denominator', () => {
    // Rows 1 and 2 share an id: log(1 + e⁻¹), log(1 + e), and row 3 as before.
    const rows = [
      Math.log(1 + Math.exp(-1)),
      Math.log(1 + Math.E),
      Math.log(2 * Math.exp(-0.2) + 1),
    ];
    const loss = inBatchContrast(anchors, positives, { ids: integers(4, 4, 3), weights });

    expectAllClose(loss.dataSync(), [(rows[0]! + rows[1]! + rows[2]!) / 3]);
  });

  test('agrees with loops over rows, weights and temperatures', () => {
    const random = seededRandom(3);
    const table = () =>
      Array.from({ length: 12 }, () => Array.from({ length: 5 }, () => 2 * random() - 1));
    for (const temperature of [0.1, 0.5, 2]) {
      const given = {
        anchors: table(),
        positives: table(),
        ids: Array.from({ length: 12 }, () => Math.floor(6 * random())),
        weights: Array.from({ length: 12 }, () => (random() < 0.3 ? 0 : random())),
      };
      const loss = inBatchContrast(tf.tensor2d(given.anchors), tf.tensor2d(given.positives), {
        ids: integers(...given.ids),
        weights: tf.tensor1d(given.weights),
        temperature,
      });

      expectAllClose(loss.dataSync(), [direct(given, temperature)]);
    }
  });

  test('its gradient is that of finite differences', () => {
    const options = { ids: integers(4, 4, 3), weights: tf.tensor1d([1, 0.5, 2]), temperature: 0.5 };
    const [ofAnchors, ofPositives] = tf.grads((x, y) =>
      inBatchContrast(x as tf.Tensor2D, y as tf.Tensor2D, options),
    )([anchors, positives]) as [tf.Tensor, tf.Tensor];
    const numbers = (tensor: tf.Tensor) => tensor.arraySync() as number[][];
    const given = {
      anchors: numbers(anchors),
      positives: numbers(positives),
      ids: [4, 4, 3],
      weights: [1, 0.5, 2],
    };
    const differences = (name: 'anchors' | 'positives') =>
      given[name].flatMap((row, i) =>
        row.map((_, j) => {
          const at = (step: number) =>
            direct(
              {
                ...given,
                [name]: given[name].map((vector, r) =>
                  vector.map((x, column) => (r === i && column === j ? x + step : x)),
                ),
              },
              0.5,
            );
          return (at(1e-5) - at(-1e-5)) / 2e-5;
        }),
      );

    const close = { relative: 1e-4, absolute: 1e-6 };
    expectAllClose(ofAnchors.dataSync(), differences('anchors'), close);
    expectAllClose(ofPositives.dataSync(), differences('positives'), close);
  });

  test('a row that weighs nothing is neither counted nor a negative', () => {
    const some = (tensor: tf.Tensor2D) => tf.slice(tensor, [0, 0], [2, 2]);
    const loss = inBatchContrast(anchors, positives, { ids, weights: tf.tensor1d([1, 1, 0]) });
    const without = inBatchContrast(some(anchors), some(positives), {
      ids: integers(1, 2),
      weights: tf.ones([2]),
    });

    expectAllClose(loss.dataSync(), without.dataSync());
  });

  test('one row alone, and no weight at all, are a loss of 0', () => {
    const one = (tensor: tf.Tensor2D) => tf.slice(tensor, [0, 0], [1, 2]);
    const single = { ids: integers(1), weights: tf.ones([1]) };

    expectAllClose(inBatchContrast(one(anchors), one(positives), single).dataSync(), [0]);
    expect(value(inBatchContrast(anchors, positives, { ids, weights: tf.zeros([3]) }))).toBeCloseTo(
      0,
    );
  });

  test('n rows that are all alike, told apart by id, are a loss of log n', () => {
    const alike = tf.ones([7, 3]) as tf.Tensor2D;
    const options = { ids: tf.range(0, 7, 1, 'int32'), weights: tf.ones([7]), temperature: 0.01 };

    expectAllClose(inBatchContrast(alike, alike, options).dataSync(), [Math.log(7)]);
  });

  test('stays finite at tiny temperatures and for rows of zeros', () => {
    const opposite = tf.neg(anchors) as tf.Tensor2D;
    const cold = inBatchContrast(anchors, opposite, { ids, weights, temperature: 1e-3 });
    const zeros = tf.zeros([3, 2]) as tf.Tensor2D;
    const gradient = tf.grad((x) =>
      inBatchContrast(x as tf.Tensor2D, positives, { ids, weights, temperature: 1 }),
    )(zeros);

    // Each row's own cosine is −1; the largest of the others are 0, 0 and −.6. The loss is their
    // difference times 1000.
    expectAllClose(cold.dataSync(), [800]);
    expect(value(inBatchContrast(zeros, zeros, { ids, weights }))).toBeCloseTo(Math.log(3));
    expect(gradient.dataSync().every(Number.isFinite)).toBe(true);
  });

  test('leaves only its result behind', () => {
    const before = tf.memory().numTensors;
    const loss = inBatchContrast(anchors, positives, { ids, weights });

    expect(tf.memory().numTensors).toBe(before + 1);
    loss.dispose();
  });

  test.each([0, -1, Number.NaN])('rejects the temperature %d', (temperature) => {
    expect(() => inBatchContrast(anchors, positives, { ids, weights, temperature })).toThrow(
      new RangeError(`temperature must be positive, got ${temperature}`),
    );
  });

  test('rejects ids and weights of another length', () => {
    expect(() => inBatchContrast(anchors, positives, { ids: integers(1), weights })).toThrow(
      new TypeError('anchors, positives, ids and weights must have one length, got 3, 3, 1, 3'),
    );
  });
});

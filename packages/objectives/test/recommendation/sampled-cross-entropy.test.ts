import { linearCrossEntropy, sampledCrossEntropy, sampledSoftmaxLoss } from '@rodpo/objectives';
import { gaussianRandom, seededRandom } from '@rodpo/random';
import { expectAllClose } from '@rodpo/testing';
import { derivative, loop } from '@rodpo/testing/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';

const [rows, dimension, itemCount] = [12, 3, 9];
const targets = [0, 6, 3, 3, 2, 5, 1, 1, 4, 6, 0, 8];
const weights = [1, 0, 2, 0.5, 1, 1, 0, 3, 1, 1, 0.25, 1];
const logQOf = Array.from({ length: itemCount }, (_, item) => -0.3 * item - 0.1);

const normal = gaussianRandom(seededRandom(3));
const values = (count: number) => Float32Array.from({ length: count }, () => normal());
const hiddenValues = values(rows * dimension);
const itemValues = values(itemCount * dimension);

const hidden = () => tf.tensor2d(hiddenValues, [rows, dimension]);
const items = () => tf.tensor2d(itemValues, [itemCount, dimension]);

interface Case {
  /** Of each group of rows. */
  readonly lists: readonly (readonly number[])[];
  readonly blockSize: number;
  readonly factor?: number;
  readonly logQ?: readonly number[];
}

/** The loss and its gradients by users and by all items. */
function sampled({ lists, blockSize, factor = 1, logQ = logQOf }: Case) {
  const stretch = rows / lists.length;
  const isCandidate = targets.map((target, row) =>
    lists[Math.floor(row / stretch)]!.includes(target) ? 1 : 0,
  );
  const indices = lists.length === 1 ? lists[0]! : lists.flat();
  const shape = lists.length === 1 ? [lists[0]!.length] : [lists.length, lists[0]!.length];
  return derivative(
    (h, e) => {
      const vectors = tf.gather(e as tf.Tensor2D, tf.tensor1d([...indices], 'int32'));
      const loss = sampledCrossEntropy(
        {
          hidden: h,
          chosen: tf.gather(e as tf.Tensor2D, tf.tensor1d(targets, 'int32')),
          candidates: tf.reshape(vectors, [...shape, dimension]),
        },
        {
          logQ: {
            chosen: tf.tensor1d(targets.map((item) => logQ[item]!)),
            candidates: tf.tensor(
              indices.map((item) => logQ[item]!),
              shape,
            ),
          },
          isCandidate: tf.tensor1d(isCandidate),
          weights: tf.tensor1d(weights),
          blockSize,
          scan: loop,
        },
      );
      return tf.mul(factor, loss);
    },
    [hidden(), items()],
  );
}

/** In plain numbers, row by row, as the formula is written. */
function byHand(lists: readonly (readonly number[])[], logQ = logQOf): number {
  const stretch = rows / lists.length;
  const corrected = (row: number, item: number) => {
    let score = 0;
    for (let axis = 0; axis < dimension; axis++) {
      score += hiddenValues[row * dimension + axis]! * itemValues[item * dimension + axis]!;
    }
    return score - logQ[item]!;
  };
  let [loss, total] = [0, 0];
  for (const [row, target] of targets.entries()) {
    const compared = new Set([target, ...lists[Math.floor(row / stretch)]!]);
    let sum = 0;
    for (const item of compared) sum += Math.exp(corrected(row, item));
    loss += weights[row]! * (Math.log(sum) - corrected(row, target));
    total += weights[row]!;
  }
  return loss / total;
}

const one = [[6, 1, 7, 4]];
const two = [
  [6, 1, 7, 4],
  [0, 2, 8, 3],
];

test.each([
  [one, 4],
  [one, 12],
  [two, 3],
  [two, 6],
] as const)('is its formula: candidates %j, blocks of %d', (lists, blockSize) => {
  const { value } = sampled({ lists, blockSize });

  expectAllClose([value], [byHand(lists)], { relative: 1e-5, absolute: 0 });
});

/** By central differences of the formula in float64. */
function slope(
  lists: readonly (readonly number[])[],
  array: Float32Array,
  place: number,
  logQ = logQOf,
): number {
  const [before, step] = [array[place]!, 2 ** -8];
  array[place] = before + step;
  const above = byHand(lists, logQ);
  array[place] = before - step;
  const below = byHand(lists, logQ);
  array[place] = before;
  return (above - below) / (2 * step);
}

test.each([one, two])('has the gradients of its formula: %j', (...lists) => {
  const groups = lists as readonly (readonly number[])[];
  const { gradients } = sampled({ lists: groups, blockSize: 3 });
  const slopes = [hiddenValues, itemValues].map((array) =>
    Array.from(array, (_, place) => slope(groups, array, place)),
  );

  expectAllClose(gradients[0]!, slopes[0]!, { relative: 1e-3, absolute: 1e-4 });
  expectAllClose(gradients[1]!, slopes[1]!, { relative: 1e-3, absolute: 1e-4 });
});

test('with all items as candidates and no correction it is the full softmax', () => {
  const lists = [Array.from({ length: itemCount }, (_, item) => item)];
  const { value, gradients } = sampled({ lists, blockSize: 6, logQ: logQOf.map(() => 0) });
  const full = derivative(
    (h, e) =>
      linearCrossEntropy(h, e, tf.tensor1d(targets, 'int32'), {
        weights: tf.tensor1d(weights),
        blockSize: 6,
        scan: loop,
      }),
    [hidden(), items()],
  );

  expectAllClose([value], [full.value]);
  expectAllClose(gradients[0]!, full.gradients[0]!);
  expectAllClose(gradients[1]!, full.gradients[1]!);
});

test('equals sampledSoftmaxLoss, where no chosen item is a candidate', () => {
  const { value } = sampled({ lists: [[7]], blockSize: 4 });
  const e = items();
  const scores = tf.matMul(hidden(), e, false, true);
  const at = (list: readonly number[]) =>
    tf.gatherND(
      scores,
      list.map((item, row) => [row, item]),
    );
  const sevens = new Array<number>(rows).fill(7);
  const logs = (list: readonly number[]) => tf.tensor1d(list.map((item) => logQOf[item]!));
  const losses = sampledSoftmaxLoss(
    { chosen: at(targets) as tf.Tensor1D, rejected: at(sevens) as tf.Tensor1D },
    { logQ: { chosen: logs(targets), rejected: logs(sevens) } },
  );
  const mean = tf.div(tf.sum(tf.mul(losses, weights)), tf.sum(tf.tensor1d(weights)));

  expectAllClose([value], mean.dataSync());
});

test('a candidate with logQ Infinity is left out, and gets no gradient', () => {
  // Item 7 fills the list up; nobody chose it.
  const logQ = logQOf.map((value, item) => (item === 7 ? Number.POSITIVE_INFINITY : value));
  const { value, gradients } = sampled({ lists: [[6, 1, 7, 4]], blockSize: 4, logQ });

  expectAllClose([value], [byHand([[6, 1, 4]])], { relative: 1e-5, absolute: 0 });
  expect([...gradients[1]!].slice(21, 24)).toEqual([0, 0, 0]);
});

test('a list without any candidate has a loss of 0, and other lists theirs', () => {
  // Lists are filled up with item 7, which nobody chose: its term in the formula is e^-Infinity.
  const logQ = logQOf.map((value, item) => (item === 7 ? Number.POSITIVE_INFINITY : value));
  const lists = [
    [6, 1, 7, 4],
    [7, 7, 7, 7],
  ];
  const { value, gradients } = sampled({ lists, blockSize: 3, logQ });
  const slopes = [hiddenValues, itemValues].map((array) =>
    Array.from(array, (_, place) => slope(lists, array, place, logQ)),
  );

  expectAllClose([value], [byHand(lists, logQ)], { relative: 1e-5, absolute: 0 });
  expectAllClose(gradients[0]!, slopes[0]!, { relative: 1e-3, absolute: 1e-4 });
  expectAllClose(gradients[1]!, slopes[1]!, { relative: 1e-3, absolute: 1e-4 });

  const alone = sampled({ lists: [[7, 7]], blockSize: 4, logQ });
  expect(alone.value).toBe(0);
  for (const gradient of alone.gradients) {
    expect([...gradient].every((each) => each === 0)).toBe(true);
  }
});

test('gradients scale with what the loss is multiplied by', () => {
  const [once, twice] = [1, 2].map((factor) => sampled({ lists: one, blockSize: 4, factor }));

  expectAllClose(
    twice!.gradients[1]!,
    once!.gradients[1]!.map((gradient) => 2 * gradient),
  );
});

test.each([
  [5, /blockSize/],
  [0, /blockSize/],
])('blocks of %d rows are refused', (blockSize, message) => {
  expect(() => sampled({ lists: one, blockSize })).toThrow(message);
});

test('groups that do not divide the rows are refused', () => {
  const five = Array.from({ length: 5 }, () => [1, 2]);
  expect(() => sampled({ lists: five, blockSize: 1 })).toThrow(/12 rows, got 5 groups/);
});

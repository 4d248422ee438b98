import { scan } from '@rodpo/compile';
import { linearCrossEntropy, logNormaliser, softmaxCrossEntropy } from '@rodpo/objectives';
import { gaussianRandom, seededRandom } from '@rodpo/random';
import { expectAllClose } from '@rodpo/testing';
import { derivative, loop } from '@rodpo/testing/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { expectPublished, published } from '../golden/published.ts';
import { describeLoss } from '../loss-contract.ts';

const normal = gaussianRandom(seededRandom(4));
const values = (count: number) => Array.from({ length: count }, normal);
const points = [
  { shape: [12, 3], data: values(36) },
  { shape: [7, 3], data: values(21) },
];
const hidden = tf.tensor2d(points[0]!.data, [12, 3]);
const items = tf.tensor2d(points[1]!.data, [7, 3]);

describeLoss(
  'logNormaliser',
  (hidden, items) => logNormaliser(hidden!, items!, { blockSize: 4, scan }),
  points,
);

test('is log itemCount where all scores are 0', () => {
  const normalisers = logNormaliser(tf.zeros([4, 3]), items, { blockSize: 2, scan: loop });

  expect(normalisers.shape).toEqual([4]);
  expectAllClose(
    normalisers.dataSync(),
    [1, 1, 1, 1].map((one) => one * Math.log(7)),
  );
});

test.each(published.logNormaliser)('agrees with PyTorch (case %#)', (expected) => {
  // Scores reach 50 in the larger case, as do the gradients' terms, which cancel.
  expectPublished(
    expected,
    ({ hidden, items }) => logNormaliser(hidden!, items!, { blockSize: 2, scan: loop }),
    { relative: 1e-5, absolute: 4e-6 },
  );
});

test.each([1, 2, 3, 4, 6, 12])('is the dense one in blocks of %d', (blockSize) => {
  const upstream = tf.range(1, 13);
  const of = (normaliser: (h: tf.Tensor, e: tf.Tensor) => tf.Tensor) =>
    derivative((h, e) => tf.sum(tf.mul(upstream, normaliser(h!, e!))), [hidden, items]);
  const blocked = of((h, e) => logNormaliser(h, e, { blockSize, scan: loop }));
  const dense = of((h, e) => tf.logSumExp(tf.matMul(h, e, false, true), 1));

  expectAllClose([blocked.value], [dense.value]);
  const tolerance = { relative: 1e-5, absolute: 1e-5 }; // sums of 12 terms of up to 12
  expectAllClose(blocked.gradients[0]!, dense.gradients[0]!, tolerance);
  expectAllClose(blocked.gradients[1]!, dense.gradients[1]!, tolerance);
});

test('holds the scores of one block at a time, on the way back too', async () => {
  const options = { blockSize: 2, scan: loop };
  const { kernels } = await tf.profile(() =>
    tf.grads((h, e) => tf.sum(logNormaliser(h!, e!, options)))([hidden, items]),
  );
  const sizes = kernels.flatMap(({ outputShapes }) => outputShapes.map(tf.util.sizeFromShape));

  // hidden has 36 elements, a block's scores 14; all scores would be 84.
  expect(Math.max(...sizes)).toBe(36);
});

test('less the score of the target it is the cross-entropy', () => {
  const targets = tf.tensor1d([0, 6, 3, 3, 2, 5, 1, 1, 4, 6, 0, 2], 'int32');
  const normalisers = logNormaliser(hidden, items, { blockSize: 3, scan: loop });
  const scores = tf.sum(tf.mul(hidden, tf.gather(items, targets)), 1);
  const losses = tf.sub(normalisers, scores);

  const dense = softmaxCrossEntropy(tf.matMul(hidden, items, false, true), targets);
  const options = { weights: tf.ones([12]), blockSize: 3, scan: loop };
  expectAllClose(losses.dataSync(), dense.dataSync());
  expectAllClose(tf.mean(losses).dataSync(), [
    ...linearCrossEntropy(hidden, items, targets, options).dataSync(),
  ]);
});

test('scores of ±1e4 stay finite', () => {
  const { value, gradients } = derivative(
    (h, e) => tf.sum(logNormaliser(h!, e!, { blockSize: 1, scan: loop })),
    [tf.tensor2d([100, -100], [2, 1]), tf.tensor2d([100, -100, 0], [3, 1])],
  );

  // Row 0 is certain of item 0, row 1 of item 1.
  expectAllClose([value], [2e4]);
  expectAllClose(gradients[0]!, [100, -100]);
  expectAllClose(gradients[1]!, [100, -100, 0]);
});

test('rejects a blockSize that does not divide the rows, and shapes that do not fit', () => {
  expect(() => logNormaliser(hidden, items, { blockSize: 5, scan: loop })).toThrow(
    new RangeError('blockSize must be a positive divisor of the 12 rows, got 5'),
  );
  expect(() => logNormaliser(hidden, tf.zeros([7, 4]), { blockSize: 4, scan: loop })).toThrow(
    new RangeError('items must have shape [7,3], got [7,4]'),
  );
});

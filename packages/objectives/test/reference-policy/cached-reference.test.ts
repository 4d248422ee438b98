import { cachedReference, logNormaliser } from '@rodpo/objectives';
import { expectAllClose } from '@rodpo/testing';
import { derivative, expectTensors, loop } from '@rodpo/testing/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { published, unpacked } from '../golden/published.ts';
import { describeLoss } from '../loss-contract.ts';

const vectors = tf.tensor2d([1, 2, 3, -1], [2, 2]);
const items = tf.tensor2d([1, 0, 0, 1, 2, 2], [3, 2]);

const rejected = tf.tensor2d([0, 1, 2, 2], [2, 2], 'int32');
describeLoss(
  'cachedReference',
  (margins) => tf.tidy(() => tf.sub(margins!, cachedReference(vectors, items)(rejected))),
  [{ shape: [2, 2], data: [0.5, -1, 2, 0] }],
);

test('scores any items, [n] and [n, J]', () => {
  const reference = cachedReference(vectors, items);
  const one = reference(tf.tensor1d([2, 1], 'int32'));
  const several = reference(tf.tensor2d([0, 1, 2, 2, 2, 0], [2, 3], 'int32'));

  expect(one.arraySync()).toEqual([6, -1]);
  expect(several.arraySync()).toEqual([
    [1, 2, 6],
    [4, 4, 3],
  ]);
});

test('agrees with PyTorch', () => {
  const expected = published.cachedReference;
  const [vectors, items] = [unpacked(expected.vectors), unpacked(expected.items)];
  const ids = unpacked(expected.ids, 'int32');
  const logNormalisers = logNormaliser(vectors, items, { blockSize: 2, scan: loop });

  expectAllClose(cachedReference(vectors, items)(ids).dataSync(), expected.scores);
  expectAllClose(
    cachedReference(vectors, items, { logNormalisers })(ids).dataSync(),
    expected.logProbabilities,
  );
});

test('passes no gradient to its vectors and items', () => {
  const ids = tf.tensor1d([2, 1], 'int32');
  const { gradients } = derivative(
    (v, e) => tf.sum(tf.add(cachedReference(v!, e!)(ids), tf.add(tf.sum(v!), tf.sum(e!)))),
    [vectors, items],
  );

  // What is left is that of the sums, counted once per row.
  expectAllClose([...gradients[0]!, ...gradients[1]!], Array(10).fill(2));
});

test('leaves only its result behind', () => {
  const ids = tf.tensor1d([2, 1], 'int32');
  const reference = cachedReference(vectors, items, { logNormalisers: tf.ones([2]) });

  expectTensors(1, () => reference(ids));
});

test('rejects shapes that do not fit', () => {
  const reference = cachedReference(vectors, items);

  expect(() => cachedReference(vectors, tf.zeros([3, 4]))).toThrow(
    new RangeError('items must have shape [3,2], got [3,4]'),
  );
  expect(() => cachedReference(vectors, items, { logNormalisers: tf.zeros([2, 1]) })).toThrow(
    new RangeError('logNormalisers must have shape [2], got [2,1]'),
  );
  expect(() => reference(tf.zeros([3], 'int32'))).toThrow(
    new RangeError('ids must have shape [2], got [3]'),
  );
  expect(() => reference(tf.zeros([2, 3, 1], 'int32'))).toThrow(RangeError);
});

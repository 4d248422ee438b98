import '@rodpo/testing/tfjs';
import { dispatch, everyGroup, fromExperts, toExperts } from '@rodpo/encoder';
import { gaussianRandom, seededRandom } from '@rodpo/random';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';

const choices = (rows: number[][]) => tf.tensor2d(rows, undefined, 'int32');
const normals = (shape: number[], seed = 1) => {
  const normal = gaussianRandom(seededRandom(seed));
  const size = shape.reduce((product, extent) => product * extent, 1);
  return tf.tensor(Float32Array.from({ length: size }, normal), shape);
};

/** Routings of all sizes: from 1 to 5 experts, any number of them active, from 1 to 9 tokens. */
const routings = Array.from({ length: 100 }, (_, seed) => {
  const random = seededRandom(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const expertCount = 1 + below(5);
  const activeCount = 1 + below(expertCount);
  const rows = Array.from({ length: 1 + below(9) }, () => {
    const experts = [...Array(expertCount).keys()];
    return Array.from({ length: activeCount }, () => experts.splice(below(experts.length), 1)[0]!);
  });
  return { rows, expertCount };
});

describe('dispatch', () => {
  test('sorts choices by expert', () => {
    // Choices 0 to 5; expert 0 has choices 1 and 4, expert 2 has 0 and 3, expert 3 has 2 and 5.
    const plan = dispatch(choices([[2, 0], [3, 2], [0, 3]]), 4); // biome-ignore format: one token a row

    expect([...plan.choices.dataSync()]).toEqual([1, 4, 0, 3, 2, 5]);
    expect([...plan.tokens.dataSync()]).toEqual([0, 2, 0, 1, 1, 2]);
    expect([...plan.places.dataSync()]).toEqual([2, 0, 4, 3, 1, 5]);
    expect([...plan.counts.dataSync()]).toEqual([2, 0, 2, 2]);
    for (const part of Object.values(plan)) expect(part.dtype).toBe('int32');
  });

  test('agrees with a stable sort', () => {
    for (const { rows, expertCount } of routings) {
      const plan = dispatch(choices(rows), expertCount);
      const flat = rows.flat();
      const sorted = [...flat.keys()].sort((a, b) => flat[a]! - flat[b]! || a - b);
      const activeCount = rows[0]!.length;

      expect([...plan.choices.dataSync()]).toEqual(sorted);
      expect([...plan.places.dataSync()]).toEqual(flat.map((_, choice) => sorted.indexOf(choice)));
      expect([...plan.tokens.dataSync()]).toEqual(
        sorted.map((choice) => Math.floor(choice / activeCount)),
      );
      expect([...plan.counts.dataSync()]).toEqual(
        Array.from({ length: expertCount }, (_, e) => flat.filter((expert) => expert === e).length),
      );
    }
  });
});

test('what is sent and comes back is the token times the sum of its weights', () => {
  for (const { rows, expertCount } of routings) {
    const x = normals([rows.length, 3]) as tf.Tensor2D;
    const weights = normals([rows.length, rows[0]!.length], 2) as tf.Tensor2D;
    const plan = dispatch(choices(rows), expertCount);
    const sent = toExperts(x, plan);
    const expected = tf.mul(x, tf.sum(weights, 1, true));

    expect(sent.arraySync()).toEqual(tf.gather(x, plan.tokens).arraySync());
    expectAllClose(fromExperts(sent, weights, plan).dataSync(), expected.dataSync());
  }
});

test.each([1, 2, 3])('gradients are those of plain tfjs, %d active', (activeCount) => {
  const rows = [[2, 0, 1], [0, 2, 1], [1, 0, 2], [2, 1, 0], [0, 1, 2]]; // biome-ignore format: rows
  const plan = dispatch(choices(rows.map((row) => row.slice(0, activeCount))), 3);
  const x = normals([5, 4]);
  const [weights, probe] = [normals([5, activeCount], 2), normals([5, 4], 3)];
  const ours = (input: tf.Tensor, shares: tf.Tensor) => {
    const sent = tf.square(toExperts(input as tf.Tensor2D, plan)) as tf.Tensor2D;
    return tf.sum(tf.mul(probe, fromExperts(sent, shares as tf.Tensor2D, plan))) as tf.Scalar;
  };
  const plain = (input: tf.Tensor, shares: tf.Tensor) => {
    const sent = tf.square(tf.gather(input, plan.tokens));
    const back = tf.reshape(tf.gather(sent, plan.places), [5, activeCount, 4]);
    const mixed = tf.sum(tf.mul(back, tf.expandDims(shares, 2)), 1);
    return tf.sum(tf.mul(probe, mixed)) as tf.Scalar;
  };
  const [found, expected] = [ours, plain].map((f) => tf.grads(f)([x, weights]));

  for (const [index, gradient] of found!.entries()) {
    expectAllClose(gradient.dataSync(), expected![index]!.dataSync());
  }
});

describe('everyGroup', () => {
  const kernels = normals([4, 3, 2], 5);
  const biases = normals([4, 2], 6);

  test.each([[[2, 1, 0, 3]], [[0, 0, 6, 0]], [[6, 0, 0, 0]], [[1, 1, 2, 2]], [[0, 0, 0, 6]]])(
    'is the linear layer of each group, %j rows a group',
    (sizes) => {
      const x = normals([6, 3]) as tf.Tensor2D;
      const group = sizes.flatMap((size, index) => Array<number>(size).fill(index));
      const expected = (...[rows, stack, offsets]: tf.Tensor[]) =>
        tf.concat(
          group.map((g, row) =>
            tf.add(
              tf.matMul(
                tf.slice(rows!, [row, 0], [1, 3]),
                tf.reshape(tf.slice(stack!, [g, 0, 0], [1, 3, 2]), [3, 2]),
              ),
              tf.slice(offsets!, [g, 0], [1, 2]),
            ),
          ),
        );
      const counts = tf.tensor1d(sizes, 'int32');
      const ours = (...[rows, stack, offsets]: tf.Tensor[]) =>
        everyGroup(rows as tf.Tensor2D, stack!, offsets!, counts);
      const probe = normals([6, 2], 7);
      const [found, right] = [ours, expected].map((f) =>
        tf.grads((...inputs) => tf.sum(tf.mul(probe, f(...inputs))))([x, kernels, biases]),
      );

      expectAllClose(ours(x, kernels, biases).dataSync(), expected(x, kernels, biases).dataSync());
      for (const [index, gradient] of found!.entries()) {
        expectAllClose(gradient.dataSync(), right![index]!.dataSync());
      }
    },
  );
});

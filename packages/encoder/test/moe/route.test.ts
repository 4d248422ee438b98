import '@rodpo/testing/tfjs';
import { route } from '@rodpo/encoder';
import { gaussianRandom, seededRandom } from '@rodpo/random';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';

const log = Math.log;
const table = (rows: number[][]) => tf.tensor2d(rows);
const normals = (n: number, columns: number, seed = 1) => {
  const normal = gaussianRandom(seededRandom(seed));
  return table(Array.from({ length: n }, () => Array.from({ length: columns }, normal)));
};

test('the best experts come first, with the shares of their exponentials', () => {
  // Softmax of the logs of 1, 4, 3, 2 is .1, .4, .3, .2.
  const routing = route(table([[log(1), log(4), log(3), log(2)]]), { activeCount: 2 });

  expect(routing.experts.dtype).toBe('int32');
  expect(routing.experts.arraySync()).toEqual([[1, 2]]);
  expectAllClose(routing.weights.dataSync(), [4 / 7, 3 / 7]);
  expectAllClose(routing.probabilities.dataSync(), [0.1, 0.4, 0.3, 0.2]);
});

test.each([
  ['one expert keeps its probability', { activeCount: 1 }, [0.4]],
  ['one expert weighs 1 if told so', { activeCount: 1, normalise: true }, [1]],
  ['two keep theirs if told so', { activeCount: 2, normalise: false }, [0.4, 0.3]],
  ['a scale multiplies', { activeCount: 2, normalise: false, scale: 2 }, [0.8, 0.6]],
] as const)('%s', (_, options, weights) => {
  const routing = route(table([[log(1), log(4), log(3), log(2)]]), options);

  expectAllClose(routing.weights.dataSync(), weights);
});

test('sigmoid scores share their own sum', () => {
  // The sigmoid of log(p / (1 − p)) is p.
  const logits = table([[0.2, 0.8, 0.6].map((p) => log(p / (1 - p)))]);
  const routing = route(logits, { activeCount: 2, scoring: 'sigmoid' });

  expect(routing.experts.arraySync()).toEqual([[1, 2]]);
  expectAllClose(routing.weights.dataSync(), [8 / 14, 6 / 14]);
  expectAllClose(routing.probabilities.dataSync(), [2 / 16, 8 / 16, 6 / 16]);
});

test.each(['softmax', 'sigmoid'] as const)(
  'a bias moves the choice of %s scores, not the weights',
  (scoring) => {
    const logits = normals(6, 4);
    const bias = tf.tensor1d([0, 0, 0, 10]);
    const biased = route(logits, { activeCount: 1, scoring, bias });
    const plain = route(logits, { activeCount: 1, scoring });
    const scores = scoring === 'softmax' ? tf.softmax(logits) : tf.sigmoid(logits);

    expect([...biased.experts.dataSync()]).toEqual(Array(6).fill(3));
    expectAllClose(biased.weights.dataSync(), scores.slice([0, 3], [6, 1]).dataSync());
    expect(biased.probabilities.dataSync()).toEqual(plain.probabilities.dataSync());
  },
);

test('noise moves choice, weights and probabilities, and leaves the logits', () => {
  const logits = table([[1, 0]]);
  // softplus(log(e² − 1)) is 2: a deviation of 2.01.
  const noise = { scale: tf.fill([1, 2], log(Math.E ** 2 - 1)), normal: table([[0, 1]]) };
  const routing = route(logits, { activeCount: 1, noise });
  const probability = 1 / (1 + Math.exp(1 - 2.01));

  expect(routing.experts.arraySync()).toEqual([[1]]);
  expectAllClose(routing.weights.dataSync(), [probability]);
  expectAllClose(routing.probabilities.dataSync(), [1 - probability, probability]);
  expectAllClose(routing.noisy!.logits.dataSync(), [1, 2.01]);
  expectAllClose(routing.noisy!.deviation.dataSync(), [2.01, 2.01]);
  expect(routing.logits).toBe(logits);
});

test.each([1, 2, 3])('of equal logits the lower indices win, %d active', (activeCount) => {
  const { experts } = route(tf.zeros([2, 3]), { activeCount });

  expect(experts.arraySync()[1]).toEqual([0, 1, 2].slice(0, activeCount));
});

test('chooses as sorting does, and weighs as a softmax over the chosen does', () => {
  for (let seed = 0; seed < 100; seed++) {
    const random = seededRandom(seed);
    const activeCount = 1 + (seed % 5);
    // Quarters from −2 to 2: ties are common.
    const logit = () => (Math.floor(random() * 17) - 8) / 4;
    const rows = Array.from({ length: 3 }, () => Array.from({ length: 5 }, logit));
    const routing = route(table(rows), { activeCount, normalise: true });
    const sorted = rows.map((row) =>
      [...row.keys()].sort((a, b) => row[b]! - row[a]! || a - b).slice(0, activeCount),
    );
    const weights = sorted.flatMap((chosen, token) => {
      const powers = chosen.map((expert) => Math.exp(rows[token]![expert]!));
      return powers.map((power) => power / powers.reduce((sum, value) => sum + value));
    });

    expect(routing.experts.arraySync()).toEqual(sorted);
    expectAllClose(routing.weights.dataSync(), weights);
  }
});

describe('the gradient of the weights', () => {
  const x = normals(5, 4);
  const probe = normals(5, 2, 2);

  test.each([
    ['softmax, normalised', { activeCount: 2 }],
    ['softmax', { activeCount: 2, normalise: false }],
    ['sigmoid, normalised', { activeCount: 2, scoring: 'sigmoid' }],
    [
      'sigmoid with a bias',
      { activeCount: 2, scoring: 'sigmoid', normalise: false, bias: tf.tensor1d([1, 0, 0, 0]) },
    ],
  ] as const)('is the finite difference: %s', (_, options) => {
    const f = (logits: tf.Tensor) =>
      tf.sum(tf.mul(route(logits as tf.Tensor2D, options).weights, probe)) as tf.Scalar;
    const gradient = tf.grad(f)(x).dataSync();
    const step = 1e-2;
    const differences = Array.from(gradient, (_, index) => {
      const along = tf.reshape(
        tf.oneHot(tf.scalar(index, 'int32'), 20, step, 0, 'float32'),
        [5, 4],
      );
      const rise = tf.sub(f(tf.add(x, along)), f(tf.sub(x, along))).dataSync()[0]!;
      return rise / (2 * step);
    });

    // Rounding of a sum of about 3 over the step, 2e-5; the third derivative times step² / 6.
    expectAllClose(gradient, differences, { absolute: 2e-4, relative: 0 });
    expect(Math.max(...gradient)).toBeGreaterThan(0.05);
  });

  test('of one expert reaches the router, unless it is normalised', () => {
    const f = (normalise: boolean) => (logits: tf.Tensor) =>
      tf.sum(route(logits as tf.Tensor2D, { activeCount: 1, normalise }).weights) as tf.Scalar;

    expect(tf.grad(f(false))(x).abs().max().dataSync()[0]).toBeGreaterThan(0.05);
    expect(tf.grad(f(true))(x).abs().max().dataSync()[0]).toBe(0);
  });
});

test('extreme logits stay finite', () => {
  const logits = table([[1e4, -1e4, 0]]);
  for (const scoring of ['softmax', 'sigmoid'] as const) {
    const { weights, probabilities } = route(logits, { activeCount: 2, scoring });
    expect([...weights.dataSync(), ...probabilities.dataSync()].every(Number.isFinite)).toBe(true);
  }
});

test.each([0, 4, -1, 1.5, Number.NaN])('rejects %d active of 3 experts', (activeCount) => {
  expect(() => route(tf.zeros([1, 3]), { activeCount })).toThrow(
    new RangeError(`activeCount must be an integer from 1 to the 3 experts, got ${activeCount}`),
  );
});

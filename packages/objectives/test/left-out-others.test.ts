import {
  combineLosses,
  cpoLoss,
  dpoLoss,
  gbceLoss,
  inBatchSoftmaxLoss,
  ipoLoss,
  linearCrossEntropy,
  logNormaliser,
  preferenceMetrics,
  sampledCrossEntropy,
  sampledSoftmaxLoss,
  softmaxCrossEntropy,
  softmaxDpoLoss,
  syncReference,
  weightedMean,
  wpoWeights,
} from '@rodpo/objectives';
import { expectAllClose } from '@rodpo/testing';
import { derivative, loop } from '@rodpo/testing/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { describeLoss } from './loss-contract.ts';

const no = Number.NEGATIVE_INFINITY;
const anything = [Number.NaN, Number.POSITIVE_INFINITY, no];
const vector = (...values: number[]) => tf.tensor1d(values);
const softplus = (x: number) => Math.log1p(Math.exp(x));
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

describe('closed forms of what is kept', () => {
  const chosen = vector(1, 2);
  const zero = vector(0, 0);
  const rejected = vector(0.5, no);
  const pairs = (x: tf.Tensor) =>
    [
      { chosen, rejected: x },
      { chosen: zero, rejected: zero },
    ] as const;

  test('DPO: a pair that is left out counts as 0 in the mean', () => {
    const loss = (x?: tf.Tensor) => dpoLoss(...pairs(x!), { beta: 2 });
    const { value, gradients } = derivative(loss, [rejected]);

    expectAllClose([value], [softplus(-1) / 2]); // −log σ(2 · ½), and 0
    expectAllClose(gradients[0]!, [sigmoid(-1), 0]); // β / 2 · σ(−1)
  });

  test('IPO, which would be infinite', () => {
    const { value, gradients } = derivative((x) => tf.sum(ipoLoss(...pairs(x!), { beta: 1 })), [rejected]); // biome-ignore format: one line

    expectAllClose([value], [0]); // (½ − 1 / 2β)²
    expectAllClose(gradients[0]!, [0, 0]);
    const far = ipoLoss(...pairs(vector(0, no)), { beta: 1 });
    expectAllClose(far.dataSync(), [0.25, 0]);
  });

  const lists = tf.tensor2d([[0, no, 1]]);

  test.each([
    [
      'S-DPO',
      (x: tf.Tensor) =>
        softmaxDpoLoss(
          { chosen: vector(2), rejected: x },
          { chosen: vector(0), rejected: tf.zeros([1, 3]) },
          { beta: 1 },
        ),
    ],
    [
      'S-DPO, in both',
      (x: tf.Tensor) =>
        softmaxDpoLoss(
          { chosen: vector(2), rejected: x },
          { chosen: vector(0), rejected: tf.tensor2d([[0, no, 0]]) },
          { beta: 1 },
        ),
    ],
    ['sampled softmax', (x: tf.Tensor) => sampledSoftmaxLoss({ chosen: vector(2), rejected: x })],
    [
      'sampled softmax, logQ',
      (x: tf.Tensor) =>
        sampledSoftmaxLoss(
          { chosen: vector(2), rejected: x },
          { logQ: { chosen: vector(3), rejected: tf.tensor2d([[3, no, 3]]) } },
        ),
    ],
    [
      'cross-entropy',
      (x: tf.Tensor) =>
        softmaxCrossEntropy(tf.concat([x, tf.tensor2d([[2]])], 1), tf.tensor1d([3], 'int32')),
    ],
  ])('%s', (_, loss) => {
    const { value, gradients } = derivative((x) => tf.sum(loss(x!)), [lists]);
    const total = 1 + Math.E + Math.E ** 2; // of the scores 0, 1 and 2

    expectAllClose([value], [Math.log(total) - 2]);
    expectAllClose(gradients[0]!, [1 / total, 0, Math.E / total]);
  });
});

test.each(anything)(
  'weightedMean leaves %d out by a weight of 0, and differentiates weights',
  (x) => {
    const mean = (...[values, weights]: tf.Tensor[]) => weightedMean(values!, weights);
    const { value, gradients } = derivative(mean, [vector(1, x, 4), vector(1, 0, 2)]);

    expectAllClose([value], [3]);
    expectAllClose(gradients[0]!, [1 / 3, 0, 2 / 3]);
    // (x − mean) / Σ w; that of what is not finite is as if it were 0.
    expectAllClose(gradients[1]!, [-2 / 3, -1, 1 / 3]);
    const finite = derivative(mean, [vector(1, 6, 4), vector(1, 0, 2)]);
    expectAllClose(finite.gradients[1]!, [-2 / 3, 1, 1 / 3]);
    expect(weightedMean(vector(x, x), vector(0, 0)).arraySync()).toBe(0);
  },
);

test.each(anything)('combineLosses does not count a loss of %d whose weight is 0', (x) => {
  const combined = (...[a, b]: tf.Tensor[]) =>
    combineLosses([{ loss: a!, weight: 2 }, { loss: b!, weight: 0 }]); // biome-ignore format: one line
  const { value, gradients } = derivative(combined, [tf.scalar(3), tf.scalar(x)]);

  expect(value).toBe(6);
  expect(gradients.map(([slope]) => slope)).toEqual([2, 0]);
});

test('cpoLoss keeps the likelihood of a pair that is left out', () => {
  const loss = (chosen?: tf.Tensor) =>
    tf.sum(cpoLoss({ chosen: chosen!, rejected: vector(no) }, { beta: 1, sftWeight: 3 }));
  const { value, gradients } = derivative(loss, [vector(-0.5)]);

  expect(value).toBe(1.5);
  expect([...gradients[0]!]).toEqual([-3]);
});

test('wpoWeights of a pair that is left out is 0', () => {
  const normalisers = { logSumExp: vector(2), logSumExpOfDouble: vector(3) };

  expect([...wpoWeights({ chosen: vector(1), rejected: vector(no) }, normalisers).dataSync()]).toEqual([0]); // biome-ignore format: one line
});

test('preferenceMetrics are of the pairs that count', () => {
  const read = (rows: number[], weights?: number[]) => {
    const of = (...values: number[]) => vector(...rows.map((row) => values[row]!));
    const metrics = preferenceMetrics(
      { chosen: of(2, 1, Number.NaN, 1), rejected: of(1, no, 0.5, 3) },
      { chosen: of(0, 3, 1, 1), rejected: of(0, no, Number.POSITIVE_INFINITY, 1) },
      { beta: 0.5, ...(weights ? { weights: vector(...weights) } : {}) },
    );
    return Object.values(metrics).map((metric) => metric.dataSync()[0]!);
  };

  expectAllClose(read([0, 1, 2, 3], [1, 1, 0, 2]), read([0, 3], [1, 2]));
  expectAllClose(read([0, 1, 3]), read([0, 3]));
  expectAllClose(read([0, 3]), [0.5, 0.75, 0.5, -0.25, 1.5, 2]);
  expect(read([1])).toEqual([0, 0, 0, 0, 0, 0]);
  expect(read([0, 2])[0]).toBeNaN();
});

describe.each(anything)('rows that hold %d', (x) => {
  const items = tf.tensor2d([[1, 0], [0, 1], [-1, 0]]); // biome-ignore format: rows
  const hidden = tf.tensor2d([[0.5, 0.2], [x, 1], [-1, 0.3]]); // biome-ignore format: rows
  const kept = tf.tensor2d([[0.5, 0.2], [-1, 0.3]]); // biome-ignore format: rows
  const ints = (...values: number[]) => tf.tensor1d(values, 'int32');

  const entropy = (targets: tf.Tensor, weights: tf.Tensor) => (h?: tf.Tensor, e?: tf.Tensor) =>
    linearCrossEntropy(h!, e!, targets, { weights, blockSize: 1, scan: loop });

  test('linearCrossEntropy leaves them out by a weight of 0', () => {
    const got = derivative(entropy(ints(0, 1, 2), vector(1, 0, 3)), [hidden, items]);
    const smaller = derivative(entropy(ints(0, 2), vector(1, 3)), [kept, items]);

    expectAllClose([got.value], [smaller.value]);
    const [a, b, c, d] = smaller.gradients[0]!;
    expectAllClose(got.gradients[0]!, [a!, b!, 0, 0, c!, d!]);
    expectAllClose(got.gradients[1]!, smaller.gradients[1]!);
  });

  test('linearCrossEntropy of nothing is 0', () => {
    const got = derivative(entropy(ints(0, 1, 2), vector(0, 0, 0)), [hidden, items]);

    expect([got.value, ...got.gradients.flatMap((slopes) => [...slopes])].every((v) => v === 0)).toBe(true); // biome-ignore format: one line
  });

  test('sampledCrossEntropy leaves them out by a weight of 0, whatever their chosen item holds', () => {
    const chosen = tf.tensor2d([[1, 0], [1, x], [0, 1]]); // biome-ignore format: rows
    const keptChosen = tf.tensor2d([[1, 0], [0, 1]]); // biome-ignore format: rows
    const sampled = (weights: tf.Tensor) => (h?: tf.Tensor, e?: tf.Tensor, c?: tf.Tensor) => {
      const none = tf.zeros([h!.shape[0]!]);
      return sampledCrossEntropy(
        { hidden: h!, chosen: e!, candidates: c! },
        {
          logQ: { chosen: none, candidates: tf.zeros([3]) },
          isCandidate: none,
          weights,
          blockSize: 1,
          scan: loop,
        },
      );
    };
    const got = derivative(sampled(vector(1, 0, 3)), [hidden, chosen, items]);
    const smaller = derivative(sampled(vector(1, 3)), [kept, keptChosen, items]);

    expectAllClose([got.value], [smaller.value]);
    for (const side of [0, 1]) {
      const [a, b, c, d] = smaller.gradients[side]!;
      expectAllClose(got.gradients[side]!, [a!, b!, 0, 0, c!, d!]);
    }
    expectAllClose(got.gradients[2]!, smaller.gradients[2]!);
  });

  test('logNormaliser and softmaxCrossEntropy give no gradient to them, nor through them', () => {
    const normaliser = (h?: tf.Tensor, e?: tf.Tensor) =>
      weightedMean(logNormaliser(h!, e!, { blockSize: 1, scan: loop }), h!.shape[0] === 3 ? vector(1, 0, 3) : vector(1, 3)); // biome-ignore format: one line
    const got = derivative(normaliser, [hidden, items]);
    const smaller = derivative(normaliser, [kept, items]);
    expectAllClose([got.value], [smaller.value]);
    expectAllClose(got.gradients[0]!.slice(2, 4), [0, 0]);
    expectAllClose(got.gradients[1]!, smaller.gradients[1]!);

    const scores = tf.tensor2d([[0, 1], [x, x]]); // biome-ignore format: rows
    const full = (s?: tf.Tensor) => weightedMean(softmaxCrossEntropy(s!, ints(0, 1)), vector(1, 0));
    const { value, gradients } = derivative(full, [scores]);
    expectAllClose([value], [softplus(1)]);
    expectAllClose(gradients[0]!, [-sigmoid(1), sigmoid(1), 0, 0]);
  });

  test('syncReference lets nothing of them in between syncs', () => {
    const step = (at: number) => [
      ...syncReference({ w: vector(1) }, { w: vector(x) }, { step: at, every: 2 }).w!.dataSync(),
    ];

    expect(step(1)).toEqual([1]);
    expect(step(2)).toEqual([x]);
  });
});

test.each(['scores', 'logQ', 'both'])(
  'inBatchSoftmaxLoss: −Infinity in %s leaves a column out',
  (where) => {
    const rows = [[1, 0.4, 0.3], [0.2, 2, 0.1], [0.5, 0.6, 3]]; // biome-ignore format: rows
    const hidden = rows.map((row, i) =>
      row.map((s, j) => (j === 2 && i !== 2 && where !== 'logQ' ? no : s)),
    );
    const logQ = vector(-1, -2, where === 'scores' ? -3 : no);
    const loss = (s?: tf.Tensor) => weightedMean(inBatchSoftmaxLoss(s!, { logQ }), vector(1, 2, 0));
    const got = derivative(loss, [tf.tensor2d(hidden)]);
    const smaller = derivative(
      (s) => weightedMean(inBatchSoftmaxLoss(s!, { logQ: vector(-1, -2) }), vector(1, 2)),
      [tf.tensor2d([[1, 0.4], [0.2, 2]])], // biome-ignore format: rows
    );

    expectAllClose([got.value], [smaller.value]);
    const [a, b, c, d] = smaller.gradients[0]!;
    expectAllClose(got.gradients[0]!, [a!, b!, 0, c!, d!, 0, 0, 0, 0]);
  },
);

// The four losses that a compiled step of the app takes, with all that may be left out.
const weights = () => vector(1, 0, 2);
const points = [
  { shape: [3], data: [0.5, Number.NaN, 2] },
  { shape: [3], data: [0.3, no, no] },
];
const lists = [
  { shape: [3], data: [0.5, Number.NaN, 2] },
  { shape: [3, 2], data: [0.3, no, 1, no, no, no] },
];
const ones = (x: tf.Tensor) => ({ chosen: tf.ones([3]), rejected: tf.onesLike(x) });
describeLoss('dpoLoss of pairs that are left out', (chosen, rejected) => tf.tidy(() => dpoLoss({ chosen: chosen!, rejected: rejected! }, ones(rejected!), { beta: 1, weights: weights() })), points); // biome-ignore format: one line
describeLoss('softmaxDpoLoss of what is left out', (chosen, rejected) => tf.tidy(() => weightedMean(softmaxDpoLoss({ chosen: chosen!, rejected: rejected! }, ones(rejected!), { beta: 1 }), weights())), lists); // biome-ignore format: one line
describeLoss('gbceLoss of what is left out', (chosen, rejected) => tf.tidy(() => weightedMean(gbceLoss({ chosen: chosen!, rejected: rejected! }, { samplingRate: 0.1 }), weights())), lists); // biome-ignore format: one line
describeLoss(
  'linearCrossEntropy of rows that are left out',
  (hidden, items) => tf.tidy(() => linearCrossEntropy(hidden!, items!, tf.tensor1d([0, 1, 2], 'int32'), { weights: weights(), blockSize: 1, scan: loop })), // biome-ignore format: one line
  [{ shape: [3, 2], data: [1, 2, Number.NaN, Infinity, -1, 0] }, { shape: [3, 2], data: [1, 0, 0, 1, 1, 1] }], // biome-ignore format: one line
);

import '@rodpo/testing/tfjs';
import {
  choiceCounts,
  dispatch,
  everyGroup,
  expertCapacity,
  expertLinears,
  fromExperts,
  importanceLoss,
  loadLoss,
  megatronBalanceLoss,
  mixtralBalanceLoss,
  nextBias,
  route,
  routerZLoss,
  routingStatistics,
  switchBalanceLoss,
  toExperts,
  withinCapacity,
} from '@rodpo/encoder';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';

const logits = tf.tensor2d([[1, 2, 3], [3, 1, 2], [0, 9, 1], [2, 1, 0]]); // biome-ignore format: one token a row
const noise = { scale: tf.zeros([4, 3]), normal: tf.ones([4, 3]) };
const routing = route(logits, { activeCount: 2, noise });
const mask = tf.tensor1d([1, 1, 0, 1]);
const x = tf.ones([4, 5]) as tf.Tensor2D;
const plan = dispatch(routing.experts, 3);
const sorted = toExperts(x, plan);
const [kernels, biases] = [tf.ones([3, 5, 2]), tf.ones([3, 2])];
const counts = tf.tensor1d([1, 2, 3]);
const tokens = { routing, mask };

test.each<[string, () => tf.Tensor]>([
  ['choiceCounts', () => choiceCounts(routing.experts, mask, 3)],
  ['everyGroup', () => everyGroup(sorted, kernels, biases, plan.counts)],
  ['expertCapacity', () => expertCapacity(mask, { expertCount: 3, activeCount: 2, factor: 1 })],
  ['expertLinears', () => expertLinears(x, { kernels, biases }, routing)],
  ['fromExperts', () => fromExperts(sorted, routing.weights, plan)],
  ['importanceLoss', () => importanceLoss(tokens)],
  ['loadLoss', () => loadLoss(tokens)],
  ['megatronBalanceLoss', () => megatronBalanceLoss(tokens)],
  ['mixtralBalanceLoss', () => mixtralBalanceLoss(tokens)],
  ['nextBias', () => nextBias(counts, counts, 0.1)],
  ['routerZLoss', () => routerZLoss(tokens)],
  ['switchBalanceLoss', () => switchBalanceLoss(tokens)],
  ['toExperts', () => toExperts(x, plan)],
  ['withinCapacity', () => withinCapacity(routing.experts, mask, { capacity: 1, expertCount: 3 })],
])('%s leaves only its result behind', (_, call) => {
  const before = tf.memory().numTensors;
  const result = call();

  expect(tf.memory().numTensors).toBe(before + 1);
  result.dispose();
});

test.each([
  ['route', () => route(logits, { activeCount: 2 }), 3], // its logits are what it was given
  ['route with noise', () => route(logits, { activeCount: 2, noise }), 5],
  ['dispatch', () => dispatch(routing.experts, 3), 4],
  ['routingStatistics', () => routingStatistics(tokens), 4],
])('%s leaves only its results behind', (_, call, count) => {
  const before = tf.memory().numTensors;
  call();

  expect(tf.memory().numTensors).toBe(before + count);
});

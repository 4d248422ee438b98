import '@rodpo/testing/tfjs';
import { readFileSync } from 'node:fs';
import {
  importanceLoss,
  loadLoss,
  type MixtureSettings,
  megatronBalanceLoss,
  mixtralBalanceLoss,
  mixtureOfExperts,
  type RoutedTokens,
  type RouterOptions,
  route,
  routerZLoss,
  switchBalanceLoss,
  withinCapacity,
} from '@rodpo/encoder';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { never } from '../model.ts';
import { gatesOf, mixtureWeights, wave, weightedSum } from './numbers.ts';

/** From transformers and PyTorch, by the script beside it. */
const golden = JSON.parse(
  readFileSync(new URL('../golden/sparse-mixture.json', import.meta.url), 'utf8'),
);

/** float32 here, float64 there: outputs of about 1, gradients of up to 20. */
const tolerance = { relative: 1e-5, absolute: 1e-5 };
const sizes = { dimension: 4, width: 6, expertCount: 4 };
const [n, expertCount] = [12, 4];
const x = wave([n, sizes.dimension], 1.3, 0.3) as tf.Tensor2D;
const logits = wave([n, expertCount], 1.6, 0.9) as tf.Tensor2D;
const mask = tf.tensor1d(golden.mask);
const everyone = tf.ones([n]);

describe('a whole mixture and all its gradients are as in PyTorch:', () => {
  const bias = wave([expertCount], 0.4, 0.1);
  const plain = { ...sizes, activeCount: 2 };
  test.each<[string, MixtureSettings, { isShared: boolean; golden: typeof golden.mixtral }]>([
    [
      'MixtralSparseMoeBlock of transformers',
      { ...plain, balance: { loss: 'none', weight: 0 }, zLossWeight: 0 },
      { isShared: false, golden: golden.mixtral },
    ],
    [
      'the router of DeepseekV3 in transformers, a shared expert and two losses',
      {
        ...plain,
        sharedWidth: 6,
        scoring: 'sigmoid',
        scale: 2.5,
        biasRate: 0.001,
        balance: { loss: 'megatron', weight: 0.3 },
        zLossWeight: 0.2,
      },
      { isShared: true, golden: golden.deepseek },
    ],
  ])('%s', (_, settings, { isShared, golden: { value, gradients, auxiliaryLoss } }) => {
    const weights: Record<string, tf.Tensor> = mixtureWeights(sizes, isShared);
    const names = Object.keys(weights);
    const run = (input: tf.Tensor, tensors: tf.Tensor[]) => {
      const given = Object.fromEntries(names.map((name, index) => [name, tensors[index]!]));
      const weight = (name: string) => (name === 'router.bias' ? bias : given[name]!);
      return mixtureOfExperts(input as tf.Tensor2D, weight, settings, { mask, uniform: never });
    };
    const loss = (input: tf.Tensor, ...tensors: tf.Tensor[]) => {
      const result = run(input, tensors);
      const main = weightedSum(result.output);
      return result.auxiliaryLoss ? tf.add<tf.Scalar>(main, result.auxiliaryLoss) : main;
    };
    const result = run(x, Object.values(weights));
    const found = tf.grads(loss)([x, ...Object.values(weights)]);

    expectAllClose(result.output.dataSync(), value, tolerance);
    expect(result.auxiliaryLoss === undefined).toBe(auxiliaryLoss === undefined);
    expectAllClose(result.auxiliaryLoss?.dataSync() ?? [], [auxiliaryLoss ?? []].flat(), tolerance);
    expect(Object.keys(gradients)).toEqual(['x', ...names]);
    for (const [index, name] of Object.keys(gradients).entries()) {
      expectAllClose(found[index]!.dataSync(), gradients[name], tolerance);
    }
  });
});

describe('route is as in transformers:', () => {
  const kernel = mixtureWeights(sizes, false)['router.kernel'] as tf.Tensor2D;
  const routed = (options: RouterOptions) => route(tf.matMul(x, kernel), options);

  test('Mixtral', () => {
    const { experts, weights } = routed({ activeCount: 2 });

    expect([...experts.dataSync()]).toEqual(golden.mixtral.experts);
    expectAllClose(weights.dataSync(), golden.mixtral.weights, tolerance);
  });

  test('Switch', () => {
    const { experts, weights, probabilities } = routed({ activeCount: 1 });

    expect([...experts.dataSync()]).toEqual(golden.switch.experts);
    expectAllClose(weights.dataSync(), golden.switch.weights, tolerance);
    expectAllClose(probabilities.dataSync(), golden.switch.probabilities, tolerance);
  });

  test('Switch, with places for two tokens', () => {
    const { experts } = routed({ activeCount: 1 });
    const keep = withinCapacity(experts, everyone, { capacity: 2, expertCount });

    expect([...keep.dataSync()]).toEqual(golden.switch.keptOfCapacity2);
  });

  test('DeepseekV3', () => {
    const bias = wave([expertCount], 0.4, 0.1);
    const routing = routed({ activeCount: 2, scoring: 'sigmoid', scale: 2.5, bias });

    expectAllClose(gatesOf(routing, expertCount), golden.deepseek.gates, tolerance);
  });
});

describe('a loss and its gradient are as in', () => {
  const lossOf =
    (loss: (tokens: RoutedTokens) => tf.Scalar, activeCount: number, mask: tf.Tensor) =>
    (z: tf.Tensor) =>
      loss({ routing: route(z as tf.Tensor2D, { activeCount }), mask });
  test.each([
    ['transformers: Mixtral', golden.mixtral.balance, lossOf(mixtralBalanceLoss, 2, everyone)],
    [
      'transformers: Mixtral, masked',
      golden.mixtral.maskedBalance,
      lossOf(mixtralBalanceLoss, 2, mask),
    ],
    ['transformers: Switch', golden.switch.balance, lossOf(switchBalanceLoss, 1, everyone)],
    ['transformers: router z', golden.switch.zLoss, lossOf(routerZLoss, 1, everyone)],
    ['Megatron-LM, masked', golden.megatron, lossOf(megatronBalanceLoss, 2, mask)],
    ['ST-MoE: router z, masked', golden.maskedZLoss, lossOf(routerZLoss, 2, mask)],
  ])('%s', (_, { loss, gradients }, f) => {
    expectAllClose(f(logits).dataSync(), [loss], tolerance);
    expectAllClose(tf.grad(f)(logits).dataSync(), gradients[0], tolerance);
  });
});

describe('noisy routing is as Shazeer et al. wrote it:', () => {
  const raw = wave([n, expertCount], 0.9, 0.4);
  const noisy = (z: tf.Tensor, scale: tf.Tensor) =>
    route(z as tf.Tensor2D, {
      activeCount: 2,
      noise: { scale, normal: wave([n, expertCount], 1.1, 2) },
    });

  test('gates', () => {
    expectAllClose(gatesOf(noisy(logits, raw), expertCount), golden.noisy.gates, tolerance);
  });

  test.each([
    ['importance', 'population', importanceLoss],
    ['importance', 'sample', importanceLoss],
    ['load', 'population', loadLoss],
    ['load', 'sample', loadLoss],
  ] as const)('%s loss and gradients, %s variance', (name, variance, loss) => {
    const f = (...[z, scale]: tf.Tensor[]) =>
      loss({ routing: noisy(z!, scale!), mask }, { variance });
    const expected = golden.noisy[name][variance];

    expectAllClose(f(logits, raw).dataSync(), [expected.loss], tolerance);
    for (const [index, gradient] of tf.grads(f)([logits, raw]).entries()) {
      expectAllClose(gradient.dataSync(), expected.gradients[index], tolerance);
    }
  });
});

test.each(Object.keys(golden.gshardCapacity))(
  'with %s places for each expert, GShard keeps the same choices',
  (capacity) => {
    const { experts } = route(logits, { activeCount: 2 });
    const keep = withinCapacity(experts, mask, { capacity: Number(capacity), expertCount });

    expect(keep.arraySync()).toEqual(golden.gshardCapacity[capacity]);
  },
);

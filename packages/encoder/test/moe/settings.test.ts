import '@rodpo/testing/tfjs';
import { initMixture, type MixtureSettings, mixtureOfExperts, weightDrawer } from '@rodpo/encoder';
import { gaussianRandom, seededRandom } from '@rodpo/random';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { never } from '../model.ts';

const plain: MixtureSettings = { expertCount: 4, activeCount: 2, width: 6 };
const arraysOf = (settings: MixtureSettings, normal = gaussianRandom(seededRandom(1))) => {
  const drawer = weightDrawer(normal);
  initMixture(drawer, 'mixture', 5, settings);
  return drawer.arrays;
};
const shapesOf = (settings: MixtureSettings) =>
  Object.fromEntries(Object.entries(arraysOf(settings)).map(([name, { shape }]) => [name, shape]));

const names = {
  'mixture.experts.up.kernel': [4, 5, 6],
  'mixture.experts.up.bias': [4, 6],
  'mixture.experts.down.kernel': [4, 6, 5],
  'mixture.experts.down.bias': [4, 5],
};

describe('initMixture', () => {
  test('names and shapes every parameter', () => {
    expect(shapesOf(plain)).toEqual({ 'mixture.router.kernel': [5, 4], ...names });
    expect(shapesOf({ ...plain, noisy: true, biasRate: 0.1, sharedWidth: 3 })).toEqual({
      'mixture.router.kernel': [5, 4],
      'mixture.router.noise': [5, 4],
      'mixture.router.bias': [4],
      ...names,
      'mixture.shared.up.kernel': [5, 3],
      'mixture.shared.up.bias': [3],
      'mixture.shared.down.kernel': [3, 5],
      'mixture.shared.down.bias': [5],
    });
  });

  test('draws kernels; biases and a noisy router start at 0', () => {
    for (const noisy of [false, true]) {
      const arrays = arraysOf({ ...plain, noisy, biasRate: 0.1 });
      const zero = Object.keys(arrays).filter((name) => arrays[name]!.data.every((v) => v === 0));

      expect(zero.map((name) => name.replace('mixture.', '')).sort()).toEqual([
        'experts.down.bias',
        'experts.up.bias',
        'router.bias',
        ...(noisy ? ['router.kernel', 'router.noise'] : []),
      ]);
    }
    expect(arraysOf(plain)).toEqual(arraysOf(plain));
  });
});

test.each<[Partial<MixtureSettings>, string]>([
  [{ expertCount: 0 }, 'expertCount must be a positive integer, got 0'],
  [{ activeCount: 5 }, 'activeCount must be an integer from 1 to the 4 experts, got 5'],
  [{ activeCount: 0 }, 'activeCount must be an integer from 1 to the 4 experts, got 0'],
  [{ activeCount: 1.5 }, 'activeCount must be an integer from 1 to the 4 experts, got 1.5'],
  [{ width: 0 }, 'width must be a positive integer, got 0'],
  [{ sharedWidth: -1 }, 'sharedWidth must be an integer of at least 0, got -1'],
  [{ scale: 0 }, 'scale must be positive and finite, got 0'],
  [{ capacityFactor: 0 }, 'capacityFactor must be positive and finite, got 0'],
  [
    { balance: { loss: 'switch', weight: -1 } },
    'balance.weight must be at least 0 and finite, got -1',
  ],
  [{ zLossWeight: Number.NaN }, 'zLossWeight must be at least 0 and finite, got NaN'],
  [{ biasRate: -0.1 }, 'biasRate must be at least 0 and finite, got -0.1'],
])('rejects %j', (part, message) => {
  const settings = { ...plain, ...part };
  const call = () =>
    mixtureOfExperts(tf.zeros([2, 5]), () => tf.zeros([1]), settings, {
      mask: tf.ones([2]),
      uniform: never,
    });

  expect(() => arraysOf(settings)).toThrow(new RangeError(message));
  expect(call).toThrow(new RangeError(message));
});

import '@rodpo/testing/tfjs';
import {
  everyGroup,
  expertLinears,
  feedForward,
  type GroupedLinear,
  type MixtureOptions,
  type MixtureResult,
  type MixtureSettings,
  mixtureOfExperts,
  route,
} from '@rodpo/encoder';
import { fillUniform, gaussianRandom, seededRandom } from '@rodpo/random';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { never } from '../model.ts';
import { gatesOf, makeMixture } from './numbers.ts';

const dimension = 5;
const plain: MixtureSettings = { expertCount: 4, activeCount: 2, width: 6 };
const normals = (shape: number[], seed = 1) => {
  const normal = gaussianRandom(seededRandom(seed));
  const size = shape.reduce((product, extent) => product * extent, 1);
  return tf.tensor(Float32Array.from({ length: size }, normal), shape);
};
const n = 8;
const x = normals([n, dimension]) as tf.Tensor2D;
const everyone: MixtureOptions = { mask: tf.ones([n]), uniform: never };

type Weights = Record<string, tf.Tensor>;

function run(
  settings: MixtureSettings,
  {
    weights = makeMixture(settings, dimension),
    input = x,
    options = everyone,
  }: {
    weights?: Weights;
    input?: tf.Tensor2D;
    options?: MixtureOptions;
  } = {},
): MixtureResult {
  return mixtureOfExperts(input, (name) => weights[name]!, settings, options);
}

/** One layer's weights of one expert. */
function expertWeights(weights: Weights, expert: number) {
  const one = (name: string) => tf.squeeze(tf.slice(weights[name]!, expert, 1), [0]);
  return {
    up: one('experts.up.kernel'),
    upBias: one('experts.up.bias'),
    down: one('experts.down.kernel'),
    downBias: one('experts.down.bias'),
  };
}

/** `Σ_e gates_e · FFN_e(x)`: every expert on every token, no dispatch, no routing. */
function dense(input: tf.Tensor2D, gates: tf.Tensor, weights: Weights, expertCount: number) {
  return tf.addN(
    tf
      .split(gates, expertCount, 1)
      .map((gate, expert) => tf.mul(gate, feedForward(input, expertWeights(weights, expert)))),
  );
}

describe('with all experts active', () => {
  const settings = {
    ...plain,
    activeCount: 4,
    balance: { loss: 'none', weight: 0 },
    zLossWeight: 0,
  } as const;
  const weights = makeMixture(settings, dimension);
  const names = Object.keys(weights);
  const given = (tensors: tf.Tensor[]) =>
    Object.fromEntries(names.map((name, index) => [name, tensors[index]!]));

  test('the output is the dense mixture, and so are its gradients', () => {
    const probe = normals([n, dimension], 9);
    const sparse = (input: tf.Tensor, ...tensors: tf.Tensor[]) =>
      run(settings, { weights: given(tensors), input: input as tf.Tensor2D }).output;
    const whole = (input: tf.Tensor, ...tensors: tf.Tensor[]) => {
      const named = given(tensors);
      const gates = tf.softmax(
        tf.matMul(input as tf.Tensor2D, named['router.kernel'] as tf.Tensor2D),
      );
      return dense(input as tf.Tensor2D, gates, named, 4);
    };
    const inputs = [x, ...Object.values(weights)];
    const [found, expected] = [sparse, whole].map((f) =>
      tf.grads((input, ...tensors) => tf.sum(tf.mul(probe, f(input!, ...tensors))))(inputs),
    );

    const close = { relative: 1e-6, absolute: 1e-6 };
    expectAllClose(
      sparse(x, ...Object.values(weights)).dataSync(),
      whole(x, ...Object.values(weights)).dataSync(),
      close,
    );
    for (const [index, gradient] of found!.entries()) {
      // Sums over 8 tokens of about 1.
      expectAllClose(gradient.dataSync(), expected![index]!.dataSync(), { absolute: 5e-6 });
    }
  });
});

test.each<[string, Partial<MixtureSettings>]>([
  ['one active', { activeCount: 1 }],
  ['two active', { activeCount: 2 }],
  ['three active, not normalised', { activeCount: 3, normalise: false }],
  ['sigmoid, scaled', { scoring: 'sigmoid', scale: 2.5 }],
  ['one expert', { expertCount: 1, activeCount: 1 }],
])('the output is the dense mixture with the gates of route: %s', (_, part) => {
  const settings = { ...plain, ...part };
  const { expertCount } = settings;
  const weights = makeMixture(settings, dimension);
  const routing = route(tf.matMul(x, weights['router.kernel'] as tf.Tensor2D), settings);
  const gates = tf.tensor2d(gatesOf(routing, expertCount), [n, expertCount]);

  expectAllClose(
    run(settings, { weights }).output.dataSync(),
    dense(x, gates, weights, expertCount).dataSync(),
    { absolute: 1e-6, relative: 1e-6 },
  );
});

test('a shared expert adds to every token', () => {
  const settings = { ...plain, sharedWidth: 3 };
  const weights = makeMixture(settings, dimension);
  const shared = feedForward(x, {
    up: weights['shared.up.kernel']!,
    upBias: weights['shared.up.bias']!,
    down: weights['shared.down.kernel']!,
    downBias: weights['shared.down.bias']!,
  });
  const expected = tf.add(run(plain, { weights }).output, shared);

  expectAllClose(run(settings, { weights }).output.dataSync(), expected.dataSync());
});

describe.each([1, 2])('with %d active and no capacity', (activeCount) => {
  const settings = { ...plain, activeCount };
  const weights = makeMixture(settings, dimension);
  const output = run(settings, { weights }).output;

  test('permuted tokens give permuted outputs', () => {
    const order = tf.tensor1d([3, 0, 7, 1, 6, 2, 5, 4], 'int32');
    const permuted = run(settings, { weights, input: tf.gather(x, order) as tf.Tensor2D }).output;

    expectAllClose(permuted.dataSync(), tf.gather(output, order).dataSync());
  });

  test('eight tokens at once give what eight calls give', () => {
    const options = { ...everyone, mask: tf.ones([1]) };
    const single = tf
      .split(x, n)
      .map((input) => run(settings, { weights, input: input as tf.Tensor2D, options }).output);

    expectAllClose(tf.concat(single).dataSync(), output.dataSync());
  });
});

describe('padding', () => {
  const mask = tf.tensor1d([1, 0, 1, 1, 0, 1, 1, 1]);
  const settings: MixtureSettings = {
    ...plain,
    capacityFactor: 0.75,
    biasRate: 0.01,
    balance: { loss: 'megatron', weight: 0.1 },
  };
  const weights = makeMixture(settings, dimension);
  const other = tf.where(tf.cast(tf.reshape(mask, [n, 1]), 'bool'), x, tf.fill([n, dimension], 40));

  test('has finite outputs, and no influence', () => {
    const [before, after] = [x, other as tf.Tensor2D].map((input) =>
      run(settings, { weights, input, options: { ...everyone, mask } }),
    );
    const real = (result: MixtureResult) =>
      tf.mul(result.output, tf.reshape(mask, [n, 1])).dataSync();

    expect(after!.output.dataSync().every(Number.isFinite)).toBe(true);
    expectAllClose(real(after!), real(before!));
    expectAllClose(after!.auxiliaryLoss!.dataSync(), before!.auxiliaryLoss!.dataSync());
    for (const part of ['statistics', 'updates'] as const) {
      for (const [name, value] of Object.entries(after![part])) {
        expectAllClose(value.dataSync(), before![part][name]!.dataSync());
      }
    }
  });
});

describe('a capacity', () => {
  // All logits are equal, so that every token chooses expert 0, then 1.
  const settings = { ...plain, capacityFactor: 0.75, sharedWidth: 3 };
  const weights = makeMixture(settings, dimension);
  weights['router.kernel'] = tf.zeros([dimension, 4]);
  const full = run({ ...settings, capacityFactor: null }, { weights });
  const limited = run(settings, { weights }); // ⌈.75 · 8 · 2 / 4⌉ = 3 places
  const shared = tf.sub(
    run(settings, { weights }).output,
    run({ ...settings, sharedWidth: 0 }, { weights }).output,
  );

  test('drops the choices beyond it; what is left is the shared expert', () => {
    const rows = (tensor: tf.Tensor, from: number, size: number) =>
      tf.slice(tensor, from, size).dataSync();

    expectAllClose(rows(limited.output, 0, 3), rows(full.output, 0, 3));
    expectAllClose(rows(limited.output, 3, 5), rows(shared, 3, 5));
    expect(
      rows(run({ ...settings, sharedWidth: 0 }, { weights }).output, 3, 5).every(
        (value) => value === 0,
      ),
    ).toBe(true);
    expectAllClose(limited.statistics.droppedShare!.dataSync(), [10 / 16]);
    expect([...full.statistics.droppedShare!.dataSync()]).toEqual([0]);
  });

  test('counts load before it drops', () => {
    expectAllClose(limited.statistics.load!.dataSync(), [0.5, 0.5, 0, 0]);
  });
});

describe('what comes beside the output', () => {
  test('is a loss of the usual weights, and figures by name', () => {
    const { auxiliaryLoss, statistics, updates } = run(plain);
    const { balanceLoss, zLoss } = statistics;

    expectAllClose(auxiliaryLoss!.dataSync(), [
      0.01 * balanceLoss!.dataSync()[0]! + 0.001 * zLoss!.dataSync()[0]!,
    ]);
    expect(Object.entries(statistics).map(([name, { shape }]) => [name, shape])).toEqual([
      ['load', [4]],
      ['loadEntropy', []],
      ['tokenEntropy', []],
      ['droppedShare', []],
      ['balanceLoss', []],
      ['zLoss', []],
    ]);
    expect(updates).toEqual({});
  });

  test('is no loss if none weighs anything', () => {
    const { auxiliaryLoss, statistics } = run({
      ...plain,
      balance: { loss: 'switch', weight: 0 },
      zLossWeight: 0,
    });

    expect(auxiliaryLoss).toBeUndefined();
    expect(Object.keys(statistics)).not.toContain('balanceLoss');
  });

  test('is the next bias, with a rate; then there is no balance loss by default', () => {
    const settings = { ...plain, biasRate: 0.25, activeCount: 1 };
    const weights = makeMixture(settings, dimension);
    weights['router.bias'] = tf.tensor1d([0, 0, 100, 0]); // all choose expert 2
    const { updates, statistics } = run(settings, { weights });

    expect([...statistics.load!.dataSync()]).toEqual([0, 0, 1, 0]);
    expectAllClose(updates['router.bias']!.dataSync(), [0.25, 0.25, 99.75, 0.25]);
    expect(Object.keys(statistics)).not.toContain('balanceLoss');
  });

  test.each(['switch', 'megatron', 'mixtral', 'cv'] as const)(
    'may be a balance loss %s',
    (loss) => {
      const { auxiliaryLoss, statistics } = run({
        ...plain,
        balance: { loss, weight: 2 },
        zLossWeight: 0,
      });

      expectAllClose(auxiliaryLoss!.dataSync(), [2 * statistics.balanceLoss!.dataSync()[0]!]);
    },
  );
});

describe('noise', () => {
  const settings: MixtureSettings = { ...plain, noisy: true, balance: { loss: 'cv', weight: 0.1 } };
  const weights = makeMixture(settings, dimension);
  const draws = (seed: number) => (shape: readonly number[]) => {
    const size = shape.reduce((product, extent) => product * extent, 1);
    return tf.tensor(fillUniform(new Float32Array(size), seed), [...shape]);
  };

  test('is drawn in training only', () => {
    expect(() => run(settings, { weights })).not.toThrow();
    expect(() => run(settings, { weights, options: { ...everyone, training: true } })).toThrow(
      'nothing may be drawn',
    );
  });

  test('changes the routing, the same for the same draws', () => {
    const outputOf = (seed: number) =>
      run(settings, {
        weights,
        options: { ...everyone, uniform: draws(seed), training: true },
      }).output.dataSync();

    expect(outputOf(1)).toEqual(outputOf(1));
    expect(outputOf(1)).not.toEqual(outputOf(2));
    expect(outputOf(1)).not.toEqual(run(settings, { weights }).output.dataSync());
  });

  test('is normal: mean 0, deviation as learned', () => {
    const many = 4000;
    // No token, hence only noise of deviation softplus(0) + .01: loads are equal by symmetry.
    const quiet = {
      ...weights,
      'router.noise': tf.zeros([dimension, 4]),
      'router.kernel': tf.zeros([dimension, 4]),
    };
    let calls = 0;
    const uniform = (shape: readonly number[]) => draws(++calls)(shape);
    const { statistics } = run(settings, {
      weights: quiet,
      input: tf.zeros([many, dimension]),
      options: { mask: tf.ones([many]), uniform, training: true },
    });

    // 4 σ of a share of 4000 tokens: 4 · √(.5 · .5 / 4000) / 2 = .016.
    expectAllClose(statistics.load!.dataSync(), [0.25, 0.25, 0.25, 0.25], {
      absolute: 0.016,
      relative: 0,
    });
  });
});

const everything: MixtureSettings = {
  ...plain,
  sharedWidth: 3,
  scoring: 'sigmoid',
  noisy: true,
  capacityFactor: 1.25,
  balance: { loss: 'cv', weight: 0.1 },
  biasRate: 0.001,
};
const training: MixtureOptions = {
  ...everyone,
  uniform: (shape) => tf.fill([...shape], 0.3),
  training: true,
};

test.each<[string, MixtureSettings, MixtureOptions]>([
  ['one active', { ...plain, activeCount: 1 }, everyone],
  ['two active', plain, everyone],
  ['everything', everything, training],
])('every parameter but the bias gets a gradient: %s', (_, settings, options) => {
  const { 'router.bias': bias, ...weights } = makeMixture(settings, dimension);
  const many = normals([64, dimension], 4) as tf.Tensor2D; // enough for every expert
  const names = Object.keys(weights);
  const gradients = tf.grads((...tensors) => {
    const given = Object.fromEntries(names.map((name, index) => [name, tensors[index]!]));
    const { output, auxiliaryLoss } = run(settings, {
      weights: { ...given, ...(bias && { 'router.bias': bias }) },
      input: many,
      options: { ...options, mask: tf.ones([64]) },
    });
    return tf.add(tf.sum(tf.square(output)), auxiliaryLoss!);
  })(Object.values(weights));

  for (const [index, gradient] of gradients.entries()) {
    const perExpert =
      gradient.rank === 3 ? tf.max(tf.abs(gradient), [1, 2]) : tf.max(tf.abs(gradient));
    expect(
      perExpert.dataSync().every((value) => value > 1e-5),
      names[index],
    ).toBe(true);
  }
});

test.each<[string, MixtureSettings, MixtureOptions]>([
  ['plain', plain, everyone],
  ['everything', everything, training],
])('leaves only its results behind: %s', (_, settings, options) => {
  const weights = makeMixture(settings, dimension);
  const before = tf.memory().numTensors;
  const { output, auxiliaryLoss, statistics, updates } = run(settings, { weights, options });
  const results = [output, auxiliaryLoss!, ...Object.values(statistics), ...Object.values(updates)];

  expect(tf.memory().numTensors).toBe(before + results.length);
  tf.dispose(results);
  const { 'router.bias': bias, ...trained } = weights;
  const gradients = tf.grads((...tensors) => {
    const given = Object.fromEntries(
      Object.keys(trained).map((name, index) => [name, tensors[index]!]),
    );
    const result = run(settings, { weights: { ...weights, ...given }, options });
    return tf.add(tf.sum(result.output), result.auxiliaryLoss!);
  })(Object.values(trained));
  expect(tf.memory().numTensors).toBe(before + gradients.length);
});

test('a groupedLinear of the caller runs both layers, on sorted rows', () => {
  const calls: number[][] = [];
  const groupedLinear: GroupedLinear = (rows, kernels, biases, counts) => {
    calls.push([...rows.shape, ...kernels.shape, ...counts.dataSync()]);
    return everyGroup(rows, kernels, biases, counts);
  };
  const weights = makeMixture(plain, dimension);
  const own = run(plain, { weights, options: { ...everyone, groupedLinear } });

  expect(calls.map((call) => call.slice(0, 5))).toEqual([[16, 5, 4, 5, 6], [16, 6, 4, 6, 5]]); // biome-ignore format: calls
  expect(calls[0]!.slice(5).reduce((sum, count) => sum + count)).toBe(16);
  expect(own.output.dataSync()).toEqual(run(plain, { weights }).output.dataSync());
});

describe('expertLinears', () => {
  const kernels = normals([3, dimension, 2], 5);
  const biases = normals([3, 2], 6);
  const logits = normals([n, 3], 7) as tf.Tensor2D;

  test.each([1, 2, 3])('is the sum of linear layers by their weights, %d active', (activeCount) => {
    const probe = normals([n, 2], 8);
    const ours = (...[input, stack, offsets, scores]: tf.Tensor[]) =>
      expertLinears(
        input as tf.Tensor2D,
        { kernels: stack!, biases: offsets! },
        route(scores as tf.Tensor2D, { activeCount, normalise: false }),
      );
    const chosen = gatesOf(route(logits, { activeCount }), 3).map((gate) => (gate > 0 ? 1 : 0));
    const expected = (...[input, stack, offsets, scores]: tf.Tensor[]) => {
      const gates = tf.mul(tf.softmax(scores!), tf.tensor2d(chosen, [n, 3]));
      const parts = tf.split(gates, 3, 1).map((gate, expert) => {
        const kernel = tf.reshape(tf.slice(stack!, expert, 1), [dimension, 2]);
        const linear = tf.add(
          tf.matMul(input as tf.Tensor2D, kernel as tf.Tensor2D),
          tf.slice(offsets!, expert, 1),
        );
        return tf.mul(gate, linear);
      });
      return tf.addN(parts);
    };
    const inputs = [x, kernels, biases, logits];
    const [found, right] = [ours, expected].map((f) =>
      tf.grads((...tensors) => tf.sum(tf.mul(probe, f(...tensors))))(inputs),
    );

    expectAllClose(ours(...inputs).dataSync(), expected(...inputs).dataSync());
    for (const [index, gradient] of found!.entries()) {
      expectAllClose(gradient.dataSync(), right![index]!.dataSync());
    }
  });
});

import {
  aotLoss,
  apoDownLoss,
  apoZeroLoss,
  bcoPairLoss,
  type DpoOptions,
  discopopLoss,
  dpoLoss,
  exoPairLoss,
  hingeLoss,
  ipoLoss,
  ncaPairLoss,
  type PreferenceLoss,
  robustLoss,
  sigmoidLoss,
  sppoHardLoss,
} from '@rodpo/objectives';
import { expectAllClose } from '@rodpo/testing';
import { expectTensors } from '@rodpo/testing/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { pairLosses } from './losses.ts';

const policy = { chosen: tf.tensor1d([-1, -2, -0.5]), rejected: tf.tensor1d([-3, -1, -2]) };
const reference = { chosen: tf.tensor1d([-2, -1.5, -1]), rejected: tf.tensor1d([-1, -2, -3]) };
const inputs = 'log-probabilities';
const value = (options: DpoOptions) => dpoLoss(policy, reference, options).arraySync();

describe('dpoLoss', () => {
  test.each(pairLosses)('by the name $name is the mean of that loss', ({ name, loss }) => {
    const smoothed = ['exo_pair', 'robust', 'aot', 'aot_unpaired'].includes(name);
    const expected = tf.mean(loss(0.5)(policy, reference)).arraySync() as number;

    const options = { beta: 0.5, inputs, ...(smoothed && { labelSmoothing: 0.1 }) } as const;
    expectAllClose([value({ ...options, loss: name as PreferenceLoss })], [expected]);
  });

  test('adds several losses up, each by its weight', () => {
    const [sigmoid, bco, sft] = (['sigmoid', 'bco_pair', 'sft'] as const).map((loss) =>
      value({ beta: 0.5, loss, inputs }),
    );
    const loss = [
      { loss: 'sigmoid', weight: 0.8 },
      { loss: 'bco_pair', weight: 0.2 },
      { loss: 'sft' },
    ] as const;

    expectAllClose([value({ beta: 0.5, loss, inputs })], [0.8 * sigmoid! + 0.2 * bco! + sft!]);
  });

  test('divides by the sum of weights, but not by that of importance', () => {
    const losses = sigmoidLoss(policy, reference, { beta: 0.5 }).dataSync();
    const [weights, importance] = [tf.tensor1d([1, 0, 3]), tf.tensor1d([0.5, 9, 2])];

    const expected = (0.5 * losses[0]! + 3 * 2 * losses[2]!) / 4;
    expectAllClose([value({ beta: 0.5, weights, importance })], [expected]);
    expectAllClose(
      [value({ beta: 0.5, importance })],
      [(0.5 * losses[0]! + 9 * losses[1]! + 2 * losses[2]!) / 3],
    );
  });

  test('passes its options on', () => {
    const at = { beta: 0.5, inputs } as const;
    const mean = (losses: tf.Tensor) => tf.mean(losses).arraySync() as number;

    expect(value({ ...at, labelSmoothing: 0.2 })).toBe(
      mean(sigmoidLoss(policy, reference, { beta: 0.5, labelSmoothing: 0.2 })),
    );
    expect(value({ ...at, divergence: 'forward_kl' })).toBe(
      mean(sigmoidLoss(policy, reference, { beta: 0.5, divergence: 'forward_kl' })),
    );
    expect(value({ ...at, loss: 'discopop', discopopTau: 0.5 })).toBe(
      mean(discopopLoss(policy, reference, { beta: 0.5, discopopTau: 0.5 })),
    );
  });

  test('leaves only its result behind', () => {
    const importance = tf.ones([3]);

    expectTensors(1, () => {
      const loss = [{ loss: 'aot_unpaired' }, { loss: 'ipo', weight: 2 }] as const;
      return dpoLoss(policy, reference, { beta: 1, loss, inputs });
    });
    expectTensors(1, () => dpoLoss(policy, reference, { beta: 1, importance }));
  });
});

describe('rejects', () => {
  test.each([0, -1, Number.NaN, Infinity])('beta %d, in every loss', (beta) => {
    const losses = [
      () => sigmoidLoss(policy, reference, { beta }),
      () => hingeLoss(policy, reference, { beta }),
      () => ipoLoss(policy, reference, { beta }),
      () => exoPairLoss(policy, reference, { beta, labelSmoothing: 0.1 }),
      () => ncaPairLoss(policy, reference, { beta }),
      () => robustLoss(policy, reference, { beta }),
      () => bcoPairLoss(policy, reference, { beta }),
      () => sppoHardLoss(policy, reference, { beta }),
      () => aotLoss(policy, reference, { beta }),
      () => apoZeroLoss(policy, reference, { beta }),
      () => apoDownLoss(policy, reference, { beta }),
      () => discopopLoss(policy, reference, { beta }),
      () => dpoLoss(policy, reference, { beta, loss: 'sft', inputs }),
    ];

    for (const loss of losses) expect(loss).toThrow(/^beta must be a finite number above 0/);
  });

  const smoothed: PreferenceLoss[] = ['sigmoid', 'robust', 'exo_pair', 'aot', 'aot_unpaired'];
  test.each(smoothed)('label smoothing of %s outside [0, ½)', (loss) => {
    for (const labelSmoothing of [-0.1, 0.5, 1, Number.NaN]) {
      expect(() => value({ beta: 1, loss, labelSmoothing, inputs })).toThrow(
        new RangeError(`labelSmoothing must be at least 0 and below 0.5, got ${labelSmoothing}`),
      );
    }
  });

  test('exo_pair without label smoothing', () => {
    expect(() => value({ beta: 1, loss: 'exo_pair' })).toThrow(
      /^labelSmoothing must be above 0 for exo_pair.* recommends 1e-3$/,
    );
  });

  test.each([0, -1, 1.5, Number.NaN])('discopopTau %d', (discopopTau) => {
    expect(() => value({ beta: 1, loss: 'discopop', discopopTau })).toThrow(/^discopopTau must be/);
  });

  test('options that no loss knows', () => {
    expect(() => value({ beta: 1, loss: 'hinge', labelSmoothing: 0.1 })).toThrow(
      new RangeError('labelSmoothing has no effect on hinge: leave it out'),
    );
    const perItem: PreferenceLoss[] = ['nca_pair', 'bco_pair', 'sppo_hard', 'aot', 'apo_zero'];
    for (const loss of perItem) {
      expect(() => value({ beta: 1, loss, divergence: 'forward_kl', inputs })).toThrow(
        new RangeError(`${loss} has no form for other divergences than 'reverse_kl'`),
      );
    }
  });

  test.each(['aot', 'aot_unpaired'] as const)('weights of pairs for %s', (loss) => {
    for (const options of [{ weights: tf.ones([3]) }, { importance: tf.ones([3]) }]) {
      expect(() => value({ beta: 1, loss, inputs, ...options })).toThrow(
        /it takes neither weights/,
      );
    }
  });

  test('scores of aot that are no row', () => {
    const table = { chosen: tf.ones([2, 2]), rejected: tf.ones([2, 2]) };

    expect(() => aotLoss(table, table, { beta: 1 })).toThrow(
      new RangeError('Scores to be sorted must have shape [n], got [2,2]'),
    );
  });

  test('no loss at all, an unknown one, or a weight that is no number', () => {
    expect(() => value({ beta: 1, loss: [] })).toThrow('loss must name at least one loss');
    expect(() => value({ beta: 1, loss: 'dpo' as PreferenceLoss })).toThrow(
      /^loss must be one of sigmoid, .*, got dpo$/,
    );
    const loss = [{ loss: 'sigmoid', weight: Number.NaN }] as const;
    expect(() => value({ beta: 1, loss })).toThrow(
      new RangeError('The weight of sigmoid must be a finite number, got NaN'),
    );
  });

  test('scores, or importance, of another shape', () => {
    const one = { chosen: tf.ones([1]), rejected: tf.ones([1]) };

    for (const { loss } of pairLosses.filter(({ name }) => name !== 'sft')) {
      expect(() => loss()(policy, one)).toThrow('DPO: scores: Shapes 3 and 1 must match');
    }
    expect(() => value({ beta: 1, importance: tf.ones([3, 1]) })).toThrow(
      'DPO: importance: Shapes 3,1 and 3 must match',
    );
  });
});

test('what scores are is one of two words', () => {
  expect(() => dpoLoss(policy, reference, { beta: 1, inputs: 'logps' as never })).toThrow(
    'inputs must be one of "scores", "log-probabilities", got "logps"',
  );
});

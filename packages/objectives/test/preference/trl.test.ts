import {
  cancelsNormaliser,
  type Divergence,
  type DpoOptions,
  dpoLoss,
  type PairScores,
  type PreferenceLoss,
  type PreferencePart,
  preferenceLosses,
  preferenceMetrics,
  wpoWeights,
} from '@rodpo/objectives';
import { expectAllClose } from '@rodpo/testing';
import { derivative } from '@rodpo/testing/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { trlGolden } from '../golden/trl-dpo.ts';

type Case = (typeof trlGolden.cases)[number];
type Problem = (typeof trlGolden.problems)[number];

/** One number per context: that of its chosen, or of its rejected item. */
function pairs(table: tf.Tensor, { chosen, rejected }: Problem): PairScores {
  const pick = (items: number[]) =>
    tf.sum(tf.mul(table, tf.oneHot(tf.tensor1d(items, 'int32'), table.shape[1]!)), 1);
  return { chosen: pick(chosen), rejected: pick(rejected) };
}

const pairsOf = (table: tf.Tensor, problem: Problem, inputs: DpoOptions['inputs']) =>
  pairs(inputs === 'scores' ? table : tf.logSoftmax(table), problem);

function divergenceOf({ options }: Case): Divergence {
  const type = options.f_divergence_type ?? 'reverse_kl';
  return type === 'alpha_divergence'
    ? { alpha: options.f_alpha_divergence_coef! }
    : (type as Divergence);
}

function partsOf({ losses, options }: Case): PreferencePart[] {
  // For completions of one token, dividing by lengths changes nothing.
  const names = losses.map((name) => (name === 'sigmoid_norm' ? 'sigmoid' : name));
  return names.map((name, index) => ({
    loss: name as PreferenceLoss,
    weight: options.loss_weights?.[index] ?? 1,
  }));
}

function optionsOf(expected: Case, policyTable: tf.Tensor, problem: Problem): DpoOptions {
  const { beta, options } = expected;
  const ignoresSmoothing = expected.losses.join() === 'sigmoid'; // in TRL alone
  return {
    beta,
    loss: partsOf(expected),
    divergence: divergenceOf(expected),
    labelSmoothing: ignoresSmoothing ? 0 : (options.label_smoothing ?? 0),
    discopopTau: options.discopop_tau ?? 0.05,
    ...(options.use_weighting && {
      importance: wpoWeights(pairs(policyTable, problem), {
        logSumExp: tf.logSumExp(policyTable, 1),
        logSumExpOfDouble: tf.logSumExp(tf.mul(2, policyTable), 1),
      }),
    }),
  };
}

/** Ours from the same tables of logits, whose gradient it is. */
function ours(expected: Case, inputs: 'scores' | 'log-probabilities') {
  const problem = trlGolden.problems[expected.problem]!;
  return tf.tidy(() => {
    const reference = pairsOf(tf.tensor2d(problem.reference), problem, inputs);
    return derivative(
      (table) =>
        dpoLoss(pairsOf(table!, problem, inputs), reference, {
          ...optionsOf(expected, table!, problem),
          inputs,
        }),
      [tf.tensor2d(problem.policy)],
    );
  });
}

// Ours is float32, TRL's float64: log-probabilities of up to 5 in magnitude are good to 5e-7, and
// gradients are differences of numbers below 1.
const tolerance = { relative: 1e-5, absolute: 1e-6 };

const labelled = trlGolden.cases.map((expected) => ({
  name: `${expected.losses.join(' + ')} at beta ${expected.beta} ${JSON.stringify(expected.options)}`,
  expected,
}));

test('covers every loss', () => {
  const covered = new Set(trlGolden.cases.flatMap(({ losses }) => losses));

  expect([...covered].filter((name) => name !== 'sigmoid_norm').sort()).toEqual(
    [...preferenceLosses].sort(),
  );
});

test.each(labelled)('agrees with TRL: $name', ({ expected }) => {
  const { value, gradients } = ours(expected, 'log-probabilities');

  expectAllClose([value], [expected.loss], tolerance);
  expectAllClose(gradients[0]!, expected.gradient.flat(), tolerance);
});

const cancelling = labelled.filter(({ expected }) =>
  partsOf(expected).every(({ loss }) => cancelsNormaliser(loss, divergenceOf(expected))),
);

test.each(cancelling)('agrees with TRL from bare scores: $name', ({ expected }) => {
  const { value, gradients } = ours(expected, 'scores');

  expectAllClose([value], [expected.loss], tolerance);
  expectAllClose(gradients[0]!, expected.gradient.flat(), tolerance);
});

test.each(labelled)('logs what TRL logs: $name', ({ expected }) => {
  const problem = trlGolden.problems[expected.problem]!;
  const read = (table: number[][]) => pairs(tf.logSoftmax(tf.tensor2d(table)), problem);
  const metrics = preferenceMetrics(read(problem.policy), read(problem.reference), {
    beta: expected.beta,
  });

  expect(Object.keys(metrics).sort()).toEqual(Object.keys(expected.metrics).sort());
  for (const [name, metric] of Object.entries(metrics)) {
    expectAllClose(metric.dataSync(), [expected.metrics[name]!], tolerance);
  }
});

import '@rodpo/testing/tfjs';
import { readFileSync } from 'node:fs';
import { type DenseFeatures, type FeatureTable, hm4srEncoder } from '@rodpo/encoder';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { withSparse } from '../features.ts';

interface GoldenCase {
  readonly name: string;
  readonly vectors: readonly string[];
  readonly active: number;
  readonly times: boolean;
  readonly items: number[];
  readonly hidden: number[];
  readonly scores: number[];
  readonly losses: Record<'idContrast' | 'placeholderContrast' | 'categories', number>;
  readonly weights: Record<'idContrast' | 'placeholderContrast' | 'categories', number>;
  readonly auxiliary: number;
  readonly gradients: Record<string, number[]>;
}

/** From PyTorch, by `hm4sr-streams.py` beside it. */
const golden = JSON.parse(readFileSync(new URL('../golden/hm4sr.json', import.meta.url), 'utf8'));
const cases: GoldenCase[] = golden.cases;

/** The formula of every input, as in the script. */
function wave(shape: readonly number[], scale: number, phase: number, centre = 0): tf.Tensor {
  const size = shape.reduce((product, extent) => product * extent, 1);
  const values = Array.from({ length: size }, (_, i) => centre + scale * Math.sin(i * 0.7 + phase));
  return tf.tensor(values, [...shape]);
}

function scaleOf(name: string): number {
  return name.includes('router') || name.startsWith('temporal.absolute') ? 2 : 0.5;
}

const weightedSum = (values: tf.Tensor) =>
  tf.sum(tf.mul(values, wave(values.shape, 1, 0.5))) as tf.Scalar;

const integers = (values: number[]) => tf.tensor1d(values, 'int32');
const tokens = {
  items: integers(golden.tokens.items),
  positions: integers(golden.tokens.positions),
  segments: integers(golden.tokens.segments),
  intervals: integers(golden.tokens.intervals),
  times: tf.tensor1d(golden.tokens.times),
};
const occupied = integers(
  golden.tokens.segments.flatMap((segment: number, cell: number) => (segment > 0 ? [cell] : [])),
);
const features: Record<string, DenseFeatures> = {
  ...Object.fromEntries(
    ['text', 'image'].map((name) => [
      name,
      {
        vectors: wave([7, golden.widths[name]], 1, 0.2 + golden.widths[name]) as tf.Tensor2D,
        present: tf.tensor1d(golden.present[name], 'float32'),
      },
    ]),
  ),
  categories: {
    vectors: tf.tensor2d(golden.labels, [7, 3], 'float32'),
    present: tf.tensor1d(golden.present.categories, 'float32'),
  },
};

const forms: [string, FeatureTable][] = [
  ['dense features', features],
  ['sparse features', withSparse(features, ['text', 'image', 'categories'])],
];

function encoderOf({ vectors, active, times, weights }: GoldenCase) {
  return hm4srEncoder({
    itemCount: 7,
    maxLength: 5,
    dimension: 4,
    feedForwardWidth: 8,
    vectors: Object.fromEntries(vectors.map((name) => [name, golden.widths[name]])),
    alignment: {
      expertCount: 3,
      activeCount: active,
      balance: { loss: 'none', weight: 0 },
      zLossWeight: 0,
    },
    temporal: times ? { expertCount: 3, intervalCount: 6 } : null,
    losses: {
      idContrast: { weight: weights.idContrast, temperature: golden.temperatures.id },
      placeholderContrast: {
        weight: weights.placeholderContrast,
        temperature: golden.temperatures.placeholder,
        share: golden.share,
      },
      categories: { weight: weights.categories, count: 3 },
    },
  });
}

/** float32 here, float64 there: outputs of about 1, gradients of up to 50. */
const tolerance = { relative: 1e-5, absolute: 1e-5 };

describe.each(cases)('HM4SR, $name', (expected) => {
  const encoder = encoderOf(expected);
  const initial = encoder.initialize(() => 0);
  // Phases follow the order in which the script names the parameters.
  const names = Object.keys(expected.gradients);
  const weights = names.map((name, order) =>
    wave(initial[name]!.shape, scaleOf(name), order, name.endsWith('.scale') ? 1 : 0),
  );
  const run = (tensors: tf.Tensor[], features: FeatureTable) => {
    const parameters = Object.fromEntries(names.map((name, index) => [name, tensors[index]!]));
    const items = encoder.itemVectors(parameters, features);
    const { vectors, ...encoded } = encoder.encode(parameters, items, tokens, {
      rowLength: 6,
      dropout: 0,
      uniform: () => tf.tensor1d(golden.tokens.draws),
      targets: integers(golden.tokens.targets),
      features,
    });
    return { items, hidden: tf.gather(vectors, occupied), ...encoded };
  };

  test.each(forms)(
    '%s: vectors, scores and losses of packed rows are those of single sequences in PyTorch',
    (_, known) => {
      const { items, hidden, auxiliaryLoss, statistics } = run(weights, known);

      expect(Object.keys(initial).sort()).toEqual([...names].sort());
      expectAllClose(items.dataSync(), expected.items, tolerance);
      expectAllClose(hidden.dataSync(), expected.hidden, tolerance);
      expectAllClose(tf.matMul(hidden, items, false, true).dataSync(), expected.scores, tolerance);
      for (const [name, loss] of Object.entries(expected.losses)) {
        expectAllClose(statistics[name]!.dataSync(), [loss], tolerance);
      }
      expectAllClose(auxiliaryLoss!.dataSync(), [expected.auxiliary], tolerance);
    },
  );

  test.each(forms)('%s: all gradients are as in PyTorch', (_, known) => {
    const gradients = tf.grads((...tensors) => {
      const { items, hidden, auxiliaryLoss } = run(tensors, known);
      return tf.add(tf.add(weightedSum(hidden), weightedSum(items)), auxiliaryLoss!);
    })(weights);

    for (const [index, name] of names.entries()) {
      expectAllClose(gradients[index]!.dataSync(), expected.gradients[name]!, tolerance);
    }
  });
});

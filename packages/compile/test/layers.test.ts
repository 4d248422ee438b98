import '@rodpo/testing/tfjs';
import { compile, eager } from '@rodpo/compile';
import { gaussianRandom, seededRandom } from '@rodpo/random';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs';
import { afterEach, expect, test } from 'vitest';

afterEach(() => {
  tf.disposeVariables();
});

const seeded = (seed: number) => tf.initializers.glorotNormal({ seed });
const batchSize = 8;
const classes = 3;

/** Images `[8, 8, 2]` through every layer that a small convolutional network has. */
function convolutional(): tf.Sequential {
  return tf.sequential({
    layers: [
      tf.layers.conv2d({
        inputShape: [8, 8, 2],
        filters: 4,
        kernelSize: 3,
        padding: 'same',
        activation: 'relu',
        kernelInitializer: seeded(1),
      }),
      tf.layers.batchNormalization(),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.depthwiseConv2d({ kernelSize: 2, depthwiseInitializer: seeded(2) }),
      tf.layers.conv2d({ filters: 6, kernelSize: 2, strides: 2, kernelInitializer: seeded(3) }),
      tf.layers.leakyReLU(),
      tf.layers.globalAveragePooling2d({}),
      tf.layers.dense({ units: classes, kernelInitializer: seeded(4) }),
    ],
  });
}

/** Sequences `[6]` of tokens through an embedding and a gated recurrent unit. */
function recurrent(): tf.Sequential {
  return tf.sequential({
    layers: [
      tf.layers.embedding({
        inputDim: 11,
        outputDim: 5,
        inputLength: 6,
        embeddingsInitializer: seeded(5),
      }),
      tf.layers.gru({
        units: 7,
        kernelInitializer: seeded(6),
        recurrentInitializer: tf.initializers.glorotNormal({ seed: 7 }),
      }),
      tf.layers.dense({ units: classes, activation: 'softmax', kernelInitializer: seeded(8) }),
    ],
  });
}

interface Case {
  readonly build: () => tf.Sequential;
  readonly x: Float32Array;
  readonly shape: readonly number[];
  readonly loss: (labels: tf.Tensor, predicted: tf.Tensor) => tf.Scalar;
}

const normal = gaussianRandom(seededRandom(9));
const uniform = seededRandom(10);
const cases: Record<string, Case> = {
  'convolutional network': {
    build: convolutional,
    x: Float32Array.from({ length: batchSize * 8 * 8 * 2 }, normal),
    shape: [batchSize, 8, 8, 2],
    loss: (labels, logits) => tf.losses.softmaxCrossEntropy(labels, logits) as tf.Scalar,
  },
  'gated recurrent unit': {
    build: recurrent,
    x: Float32Array.from({ length: batchSize * 6 }, () => Math.floor(11 * uniform())),
    shape: [batchSize, 6],
    loss: (labels, predicted) =>
      tf.mean(tf.metrics.categoricalCrossentropy(labels, predicted)) as tf.Scalar,
  },
};

async function losses(make: typeof eager, { build, x, shape, loss }: Case): Promise<number[]> {
  const model = build();
  const optimiser = tf.train.adam(0.01);
  const program = await make(
    ({ inputs }) => {
      const labels = tf.oneHot(inputs.labels as tf.Tensor1D, classes, 1, 0, 'float32');
      const value = () => loss(labels, model.apply(inputs.x!, { training: true }) as tf.Tensor);
      const weights = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
      return { outputs: { loss: optimiser.minimize(value, true, weights)! } };
    },
    {
      inputs: {
        x: { shape, dtype: 'float32' },
        labels: { shape: [batchSize], dtype: 'int32' },
      },
    },
  );
  const labels = Int32Array.from({ length: batchSize }, (_, index) => index % classes);
  const values: number[] = [];
  for (let run = 0; run < 20; run++) values.push((await program.run({ x, labels })).loss![0]!);

  // The trained weights go back to the model, which then predicts by tfjs itself.
  program.assignVariables();
  const predicted = model.predict(tf.tensor(x, [...shape])) as tf.Tensor;
  const final = loss(tf.oneHot(tf.tensor1d(labels, 'int32'), classes, 1, 0, 'float32'), predicted);
  values.push((await final.data())[0]!);
  await program.dispose();
  tf.disposeVariables();
  return values;
}

test.each(Object.keys(cases))('a %s trains alike compiled and eagerly', async (name) => {
  const expected = await losses(eager, cases[name]!);

  expectAllClose(await losses(compile, cases[name]!), expected, { relative: 1e-4, absolute: 0 });
  expect(expected.at(-2)).toBeLessThan(0.8 * expected[0]!);
});

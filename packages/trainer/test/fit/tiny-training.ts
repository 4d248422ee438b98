import type { NamedArray } from '@rodpo/files';
import { deriveSeed, permutation, seededRandom } from '@rodpo/random';
import {
  type Checkpoints,
  differentiate,
  type FitCallbacks,
  type FitStepsOptions,
  fit,
  linearSchedule,
  optimiser,
  type TrainedProgram,
  type TrainingProgress,
} from '@rodpo/trainer';
import * as tf from '@tensorflow/tfjs-core';

/** A batch of the tiny training: which rows it takes. */
export interface TinyBatch {
  readonly rows: Int32Array;
}

export type TinyOptions = FitStepsOptions<TinyBatch, 'loss' | 'noise'>;

const rowCount = 12;
export const batchesPerEpoch = 4;

/**
 * Least squares in tfjs with all that a training carries from step to step: moments, a schedule's
 * count, averages, sums of gradients, and noise that each step draws.
 */
export function tinyTraining(): Omit<TinyOptions, 'seed' | 'maxEpochs' | 'patience'> {
  const x = tf.tensor2d(
    Array.from({ length: rowCount * 2 }, (_, i) => Math.sin(7 * i)),
    [rowCount, 2],
  );
  const y = tf.tensor1d(Array.from({ length: rowCount }, (_, i) => Math.cos(3 * i)));
  const start = { w: { shape: [2], data: Float32Array.of(0.5, -0.5) } };
  const rule = optimiser({
    learningRate: linearSchedule({ learningRate: 0.1, totalSteps: 10, warmUpSteps: 2 }),
    maxGradientNorm: 1,
    accumulationSteps: 3, // neither divides the batches of an epoch, nor the steps between saves
    average: { decay: 0.9, warmUp: true },
  });
  let state = tensorsOf({ ...start, ...rule.state(start) });

  const program: TrainedProgram = {
    state: async () => arraysOf(state),
    load: (arrays) => {
      state = tensorsOf(arrays);
    },
  };
  const lossOf = (w: tf.Tensor, rows: tf.Tensor1D): tf.Scalar => {
    const predicted = tf.sum(tf.mul(tf.gather(x, rows), w), 1);
    return tf.mean(tf.square(tf.sub(predicted, tf.gather(y, rows))));
  };
  return {
    program,
    batches: function* ({ seed }) {
      const order = permutation(rowCount, seededRandom(seed));
      const size = rowCount / batchesPerEpoch;
      for (let first = 0; first < rowCount; first += size) {
        yield { rows: order.slice(first, first + size) };
      }
    },
    trainStep: async ({ rows }, { seed, step }) => {
      const noise = seededRandom(deriveSeed(seed, step))();
      const { w, ...rest } = state;
      const { loss, gradients } = differentiate(
        ({ w }) => lossOf(tf.add(w!, noise / 10), tf.tensor1d(rows, 'int32')),
        { w: w! },
      );
      const next = rule.update({ w: w! }, gradients, rest);
      state = { ...next.parameters, ...next.state };
      return { loss: loss.dataSync()[0]!, noise };
    },
    // Best in epoch 3, and of the averages: a loss is less than 10.
    validate: async (epoch) => {
      const all = tf.tensor1d(
        Array.from({ length: rowCount }, (_, i) => i),
        'int32',
      );
      const loss = lossOf(state['average.weights.w']!, all).dataSync()[0]!;
      return -Math.abs(epoch - 3) - loss / 10;
    },
  };
}

/** Trains the tiny model for four epochs, or goes on with it. */
export function trainTiny(
  checkpoints: Checkpoints,
  more: Partial<TinyOptions> = {},
  callbacks: FitCallbacks[] = [],
): Promise<TrainingProgress> {
  return fit({
    ...tinyTraining(),
    seed: 5,
    maxEpochs: 4,
    patience: 4,
    checkpoints,
    saveEverySteps: 3,
    callbacks,
    ...more,
  });
}

function tensorsOf(arrays: Readonly<Record<string, NamedArray>>): Record<string, tf.Tensor> {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape])]),
  );
}

function arraysOf(tensors: Readonly<Record<string, tf.Tensor>>): Record<string, NamedArray> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => {
      return [name, { shape: tensor.shape, data: tensor.dataSync().slice() as Float32Array }];
    }),
  );
}

import type { Program } from '@rodpo/compile';
import type { NamedArray, Safetensors } from '@rodpo/files';
import '@rodpo/testing/tfjs';
import {
  type AdamUpdate,
  averagesOf,
  type Checkpoints,
  choose,
  clipByGlobalNorm,
  constantSchedule,
  cosineSchedule,
  type FitProgress,
  fit,
  folderCheckpoints,
  linearSchedule,
  type OptimiserUpdate,
  optimiser,
  type SavedTensors,
  type StepPlace,
  savedInFile,
  savedInMemory,
  type TrainedProgram,
  type TrainingProgress,
} from '@rodpo/trainer';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { expect, expectTypeOf, test } from 'vitest';

// What is tested is the types, by the type-check; that it also runs shows that they tell the truth.

const tensor: Tensor = tf.scalar(1);
const program = { engine: 'none' } as Program; // without checkpoints nobody asks it for anything
const limits = { maxEpochs: 1, patience: 1, validate: async () => 0 };

test('fit knows batches, figures and which of its two ways it goes', async () => {
  const steps = fit({
    ...limits,
    seed: 1,
    program,
    batches: () => [{ x: new Float32Array(1) }],
    weightOf: (batch) => {
      expectTypeOf(batch).toEqualTypeOf<{ x: Float32Array<ArrayBuffer> }>();
      return batch.x.length;
    },
    trainStep: async (batch, place) => {
      expectTypeOf(batch.x).toEqualTypeOf<Float32Array<ArrayBuffer>>();
      expectTypeOf(place).toEqualTypeOf<StepPlace>();
      return { loss: 1, accuracy: 2 };
    },
    callbacks: [
      {
        onStep: ({ figures }) => {
          expectTypeOf(figures).toEqualTypeOf<Readonly<Record<'loss' | 'accuracy', number>>>();
        },
      },
    ],
  });
  expectTypeOf(steps).resolves.toEqualTypeOf<TrainingProgress>();
  expect((await steps).totalStep).toBe(1);
  const epochs = fit({ ...limits, trainEpoch: async () => {} });
  expectTypeOf(epochs).resolves.toEqualTypeOf<FitProgress>();
  expect((await epochs).epoch).toBe(1);
  const trainStep = async () => ({ loss: 1 });
  // @ts-expect-error: a training by steps needs a seed
  const unseeded = fit({ ...limits, program, batches: () => [1], trainStep });
  await expect(unseeded).rejects.toThrow('seed must be an integer, got undefined');
});

test('a program of @rodpo/compile can be trained, and a folder keeps its state', () => {
  expectTypeOf<Program>().toExtend<TrainedProgram>();
  expectTypeOf(folderCheckpoints('runs/1')).toEqualTypeOf<Checkpoints>();
});

test('checkpoints are kept in two places, of files or of others', async () => {
  expectTypeOf(savedInFile('latest.safetensors')).toEqualTypeOf<SavedTensors>();
  const place = savedInMemory();
  expectTypeOf(place).toEqualTypeOf<SavedTensors>();
  await place.save({ w: { shape: [1], data: Float32Array.of(1) } }, { epoch: '1' });
  const saved = await place.load();
  expectTypeOf(saved).toEqualTypeOf<Safetensors | undefined>();
  expect(saved!.metadata).toEqual({ epoch: '1' });
});

test('names go through', () => {
  const { gradients } = clipByGlobalNorm({ w: tensor, b: tensor }, 1);
  expectTypeOf(gradients).toEqualTypeOf<Record<'w' | 'b', Tensor>>();
  const isDue = tf.scalar(true, 'bool');
  expectTypeOf(choose(isDue, gradients, gradients)).toEqualTypeOf<Record<'w' | 'b', Tensor>>();
  expectTypeOf(averagesOf({} as Record<string, NamedArray>)).toEqualTypeOf<
    Record<string, NamedArray>
  >();
  expectTypeOf(averagesOf({ w: tensor })).toEqualTypeOf<Record<string, Tensor>>();
  expect(Object.keys(gradients)).toEqual(['w', 'b']);
});

test('a schedule gives what it is given', () => {
  const schedule = cosineSchedule({ learningRate: 1, totalSteps: 10, warmUpShare: 0.1 });
  expectTypeOf(schedule(1)).toEqualTypeOf<number>();
  expectTypeOf(schedule(tensor)).toEqualTypeOf<Tensor>();
  expectTypeOf<OptimiserUpdate>().toExtend<AdamUpdate>();
  optimiser({ learningRate: schedule });
  constantSchedule({ learningRate: 1 });
  // @ts-expect-error: one of the two
  linearSchedule({ learningRate: 1, totalSteps: 10, warmUpSteps: 1, warmUpShare: 0.1 });
  // @ts-expect-error: a line has to end somewhere
  expect(() => linearSchedule({ learningRate: 1 })).toThrow(
    'totalSteps must be a positive integer',
  );
  expect(schedule(1)).toBe(1);
});

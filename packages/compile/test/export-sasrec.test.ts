import '@rodpo/testing/tfjs';
import { eager, exportOnnx, type StepFunction } from '@rodpo/compile';
import { transformerEncoder } from '@rodpo/encoder';
import { lookup } from '@rodpo/ops';
import { gaussianRandom, seededRandom } from '@rodpo/random';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { runModel, runtimes } from './run-model.ts';

const maxLength = 10;
const shape = { itemCount: 300, maxLength, dimension: 16, blockCount: 2, headCount: 2 };
const encoder = transformerEncoder(shape);
const normal = gaussianRandom(seededRandom(1));
const state = encoder.initialize(() => 5 * normal()); // scores of order 1

/** Scores of all items after each history; histories are padded on the right. */
const recommend: StepFunction = ({ state, inputs, uniform }) => {
  const [batch] = inputs.items!.shape as [number];
  const flat = (tensor: tf.Tensor) => tf.reshape(tensor, [batch * maxLength]);
  const places = tf.range(0, maxLength, 1, 'int32');
  const positions = tf.tile(tf.expandDims(places, 0), [batch, 1]);
  const isItem = tf.less(positions, tf.expandDims(inputs.lengths!, 1));
  const tokens = {
    items: flat(inputs.items!),
    positions: flat(positions),
    segments: flat(tf.cast(isItem, 'int32')),
  };
  const table = encoder.itemVectors(state, {});
  const options = { dropout: 0, uniform, rowLength: maxLength };
  const { vectors } = encoder.encode(state, table, tokens, options);
  const before = tf.sub(tf.range(0, batch * maxLength, maxLength, 'int32'), tf.scalar(1, 'int32'));
  const last = lookup(vectors, tf.add(before, inputs.lengths!));
  return { outputs: { scores: tf.matMul(last, table, false, true) } };
};

test.each(runtimes)('SASRec exported with a dynamic batch, in %s', async (_, runtime) => {
  const inputs = {
    items: { shape: ['batch', maxLength], dtype: 'int32' },
    lengths: { shape: ['batch'], dtype: 'int32' },
  } as const;
  const model = exportOnnx(recommend, { inputs, state });
  const uniform = seededRandom(2);
  const below = (limit: number) => Math.floor(limit * uniform());
  for (const batch of [1, 7, 64]) {
    const items = Int32Array.from({ length: batch * maxLength }, () => below(300));
    const lengths = Int32Array.from({ length: batch }, () => 1 + below(maxLength));
    const sized = {
      items: { shape: [batch, maxLength], dtype: 'int32' },
      lengths: { shape: [batch], dtype: 'int32' },
    } as const;
    const program = await eager(recommend, { inputs: sized, state });
    const expected = await program.run({ items, lengths });
    const { scores } = await runModel(runtime, model, {
      items: { shape: [batch, maxLength], data: items },
      lengths: { shape: [batch], data: lengths },
    });

    expect(scores!.shape).toEqual([batch, 300]);
    // Two blocks of float32 sums in another order, on scores of order 1.
    expectAllClose(scores!.data, expected.scores!, { relative: 1e-4, absolute: 1e-4 });
    await program.dispose();
  }
});

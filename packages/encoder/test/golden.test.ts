import '@rodpo/testing/tfjs';
import { readFileSync } from 'node:fs';
import { transformerEncoder } from '@rodpo/encoder';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { never } from './model.ts';

/** From PyTorch, by the script beside it. */
const golden = JSON.parse(readFileSync(new URL('golden/sasrec.json', import.meta.url), 'utf8'));

/** float32 here, float64 there, over two blocks: outputs of about 1, gradients of up to 10. */
const tolerance = { relative: 1e-4, absolute: 1e-5 };

/** The formula of every input, as in `sasrec.py`. */
function wave(shape: readonly number[], scale: number, phase: number, centre = 0): tf.Tensor {
  const size = shape.reduce((product, extent) => product * extent, 1);
  const values = Float32Array.from(
    { length: size },
    (_, index) => centre + scale * Math.sin(index * 0.7 + phase),
  );
  return tf.tensor(values, [...shape]);
}

const weightedSum = (values: tf.Tensor) =>
  tf.sum(tf.mul(values, wave(values.shape, 1, 0.5))) as tf.Scalar;

test('the encoder and all its gradients are as in PyTorch', () => {
  const encoder = transformerEncoder({
    itemCount: 7,
    maxLength: 5,
    dimension: 4,
    blockCount: 2,
    headCount: 2,
  });
  const options = { rowLength: 6, dropout: 0, uniform: never };
  const { items, positions, segments, hidden, loss, gradients } = golden.sasrec;
  const initial = Object.entries(encoder.initialize(() => 0));
  // Phases follow the order in which both sides name the parameters.
  const names = Object.keys(gradients);
  const weights = names.map((name, order) => {
    const { shape } = Object.fromEntries(initial)[name]!;
    return wave(shape, 0.3, order, name.endsWith('.scale') ? 1 : 0);
  });
  const tokens = {
    items: tf.tensor1d(items, 'int32'),
    positions: tf.tensor1d(positions, 'int32'),
    segments: tf.tensor1d(segments, 'int32'),
  };
  const occupied = tf.tensor1d(
    segments.flatMap((segment: number, cell: number) => (segment > 0 ? [cell] : [])),
    'int32',
  );
  const encoded = (...tensors: tf.Tensor[]) => {
    const parameters = Object.fromEntries(names.map((name, index) => [name, tensors[index]!]));
    const items = encoder.itemVectors(parameters, {});
    return tf.gather(encoder.encode(parameters, items, tokens, options).vectors, occupied);
  };
  const { value, grads } = tf.valueAndGrads((...tensors) => weightedSum(encoded(...tensors)))(
    weights,
  );

  expect([...names].sort()).toEqual(initial.map(([name]) => name).sort());
  expectAllClose(encoded(...weights).dataSync(), hidden, tolerance);
  expectAllClose(value.dataSync(), [loss], tolerance);
  for (const [index, name] of names.entries()) {
    expectAllClose(grads[index]!.dataSync(), gradients[name], tolerance);
  }
});

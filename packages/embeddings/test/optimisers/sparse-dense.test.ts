import '@rodpo/testing/tfjs';
import {
  type RowOptimiser,
  type SparseAdamOptions,
  type SparseAdamWOptions,
  sparseAdam,
  sparseAdamW,
} from '@rodpo/embeddings';
import { expectAllClose } from '@rodpo/testing';
import { type AdamUpdate, adam, adamState, adamW } from '@rodpo/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { gradientsOf, rows, startTable, steps, width } from '../sparse-golden.ts';

type Tensors = Record<string, tf.Tensor>;
type Dense = (parameters: Tensors, gradients: Tensors, state: Tensors) => AdamUpdate;

// The dense ones keep float32 between their operations, ours only between steps.
const tolerance = { relative: 0, absolute: 1e-6 };

/** The rows in an order that differs from step to step. */
const rowsOf = (step: number) => Int32Array.from({ length: rows }, (_, n) => (3 * n + step) % rows);

/** Both over 50 steps that touch every row. */
function runBoth(make: (table: ReturnType<typeof startTable>) => RowOptimiser, dense: Dense) {
  const table = startTable();
  const optimiser = make(table);
  const shape = [rows, width];
  let items = tf.tensor(Float32Array.from(table.values), shape);
  let state: Tensors = {};
  for (const [name, array] of Object.entries(adamState({ items: { shape, data: table.values } }))) {
    state[name] = tf.tensor(array.data, [...array.shape]);
  }
  const inOrder = Int32Array.from({ length: rows }, (_, row) => row);
  for (let step = 1; step <= steps; step++) {
    const indices = rowsOf(step);
    optimiser.update(table, indices, gradientsOf(step, indices));
    const gradients = { items: tf.tensor(gradientsOf(step, inOrder), shape) };
    const next = dense({ items }, gradients, state);
    items = next.parameters.items!;
    state = next.state;
    expectAllClose(table.values, items.dataSync(), tolerance);
  }
  const kept = optimiser.state();
  expectAllClose(kept['adam.first']!.data, state['adam.first.items']!.dataSync(), tolerance);
  expectAllClose(kept['adam.second']!.data, state['adam.second.items']!.dataSync(), tolerance);
  expect(kept['adam.steps']!.data).toEqual(Int32Array.of(steps));
}

test.each<SparseAdamOptions & { learningRate: number }>([
  { learningRate: 0.001 },
  { learningRate: 0.001, skipped: 'decay' },
  { learningRate: 0.01, beta1: 0.8, beta2: 0.95, epsilon: 0.5, skipped: 'decay' },
])('where every row is touched, sparseAdam is adam: %o', (options) => {
  runBoth(
    (table) => sparseAdam(table, options),
    (...tensors) => adam(...tensors, options),
  );
});

test.each<SparseAdamWOptions & { learningRate: number }>([
  { learningRate: 0.01 },
  { learningRate: 0.01, weightDecay: 0.5, epsilon: 0.5, skipped: 'keep' },
  { learningRate: 0.01, weightDecay: 0.5, epsilon: 0.5, skipped: 'decay' },
])('where every row is touched, sparseAdamW is adamW: %o', (options) => {
  runBoth(
    (table) => sparseAdamW(table, options),
    (...tensors) => adamW(...tensors, options),
  );
});

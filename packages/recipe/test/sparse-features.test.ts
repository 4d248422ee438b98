import { hm4srEncoder, transformerEncoder } from '@rodpo/encoder';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { exportEncoder } from '../src/ranking/export-encoder.ts';
import { pretrain } from '../src/training/pretrain.ts';
import { compiledEngine } from '../src/workspace/engine.ts';
import type { VectorsOfItems } from '../src/workspace/item-vectors.ts';
import { smallSizes, smallWorkspace } from './small-workspace.ts';

beforeAll(async () => void (await setBackend('cpu')));

const itemCount = 40;
const dimension = 32;
/** Two codes an item, but for every fifth, which has one. */
const vectors = new Float32Array(itemCount * dimension);
for (let item = 0; item < itemCount; item++) {
  vectors[dimension * item + (item % 13)] = 1;
  if (item % 5 > 0) vectors[dimension * item + 13 + ((7 * item) % 19)] = 0.5;
}
const present = Array.from({ length: itemCount }, (_, item) => (item % 7 === 0 ? 0 : 1));
const codes = { dimension, vectors, present };
/** The same as they are: what is read as it is needed is never made sparse. */
const reader = {
  ...{ dimension, present },
  gather: (items: Int32Array, into: Float32Array) => {
    for (const [place, item] of items.entries()) {
      into.set(vectors.subarray(dimension * item, dimension * (item + 1)), dimension * place);
    }
  },
};

const open = (itemRows: 'program' | 'host', own: VectorsOfItems[string]) =>
  smallWorkspace({
    engine: compiledEngine({ threads: 1 }),
    itemRows,
    vectors: { codes: own },
    encoder: ({ itemCount: items, vectors: widths }) =>
      transformerEncoder({
        ...smallSizes,
        itemCount: items,
        streams: { id: true, vectors: widths },
      }),
  });

async function trainedWith(workspace: ReturnType<typeof open>) {
  // Every item is a candidate, so that all rows are touched in each step.
  const { weights, log } = await pretrain(workspace, {
    loss: { kind: 'sampled', candidates: itemCount, distribution: { from: 'catalogue' } },
    maxEpochs: 2,
    learningRate: 0.01,
  });
  const table = await workspace.itemTable(weights);
  const { data: items } = await table.vectors(weights);
  const { modalities } = await exportEncoder(workspace, weights);
  await workspace.dispose();
  return {
    kernel: weights['codes.kernel']!.data,
    loss: log.map((own) => own.loss),
    items,
    modalities,
  };
}

test('codes train, rank and are asked of new items as the vectors that they are', async () => {
  const dense = open('host', reader);
  const [inProgram, onHost] = [open('program', codes), open('host', codes)];
  const isSparse = ({ features }: typeof dense) => 'features.codes.columns' in features;
  expect([dense, inProgram, onHost].map(isSparse)).toEqual([false, true, true]);

  const expected = await trainedWith(dense);
  expect(expected.modalities).toEqual({ codes: dimension });
  for (const workspace of [inProgram, onHost]) {
    const found = await trainedWith(workspace);
    expect(found.modalities).toEqual(expected.modalities);
    for (const [epoch, loss] of expected.loss.entries()) {
      expect(found.loss[epoch]).toBeCloseTo(Number(loss), 3);
    }
    for (const name of ['kernel', 'items'] as const) {
      const differences = expected[name].map((value, at) => Math.abs(value - found[name][at]!));
      expect(Math.max(...differences), name).toBeLessThan(5e-3);
    }
  }
});

test('HM4SR learns categories that are few of many as it does those of full vectors', async () => {
  const losses: number[][] = [];
  for (const [itemRows, own] of [
    ['host', reader],
    ['host', codes],
    ['program', codes],
  ] as const) {
    const workspace = smallWorkspace({
      engine: compiledEngine({ threads: 1 }),
      itemRows,
      vectors: { categories: own },
      encoder: ({ itemCount: items }) =>
        hm4srEncoder({
          ...smallSizes,
          itemCount: items,
          vectors: {},
          temporal: null,
          losses: { placeholderContrast: null, categories: { count: dimension } },
        }),
    });
    expect('features.categories.columns' in workspace.features).toBe(own === codes);
    const { log } = await pretrain(workspace, {
      loss: { kind: 'sampled', candidates: itemCount, distribution: { from: 'catalogue' } },
      dropout: 0,
      maxEpochs: 1,
    });
    losses.push([log[0]!.categories, log[0]!.loss].map(Number));
    await workspace.dispose();
  }

  const [expected, ...found] = losses;
  expect(expected![0]).toBeGreaterThan(0);
  for (const own of found) {
    for (const [index, value] of expected!.entries()) expect(own[index]).toBeCloseTo(value, 4);
  }
});

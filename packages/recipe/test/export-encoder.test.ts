import { hm4srEncoder, transformerEncoder } from '@rodpo/encoder';
import type { NamedArray } from '@rodpo/files';
import { seededRandom } from '@rodpo/random';
import { setBackend } from '@tensorflow/tfjs-core';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { beforeAll, expect, test } from 'vitest';
import { type ExportedEncoder, exportEncoder } from '../src/ranking/export-encoder.ts';
import { NewItemsError } from '../src/ranking/export-new-items.ts';
import { recommend } from '../src/ranking/recommend.ts';
import { initialWeights } from '../src/training/pretrain.ts';
import { compiledEngine } from '../src/workspace/engine.ts';
import type { WorkspaceOptions } from '../src/workspace/workspace.ts';
import { maxLength, smallDataset, smallSizes, smallWorkspace } from './small-workspace.ts';

beforeAll(async () => void (await setBackend('cpu')));

// The last item is one that nobody ever chose.
const itemCount = 41;
const dataset = () => {
  const { itemIds, ...others } = smallDataset();
  return { ...others, itemIds: [...itemIds, 'unchosen'] };
};
const random = seededRandom(6);
const text = { dimension: 5, vectors: Float32Array.from({ length: itemCount * 5 }, random) };
const open = (changes: Partial<WorkspaceOptions> = {}) =>
  smallWorkspace({ engine: compiledEngine({ threads: 1 }), dataset: dataset(), ...changes });

const withText: Partial<WorkspaceOptions> = {
  vectors: { text },
  encoder: ({ itemCount: items, vectors }) =>
    transformerEncoder({ ...smallSizes, itemCount: items, streams: { id: true, vectors } }),
};
const hm4sr: Partial<WorkspaceOptions> = {
  vectors: { text },
  encoder: ({ itemCount: items, vectors }) =>
    hm4srEncoder({ ...smallSizes, itemCount: items, vectors, temporal: null }),
};

type Inputs = Record<string, [Int32Array | Float32Array, number[]]>;

async function run(model: Uint8Array, inputs: Inputs, output: string): Promise<Float32Array> {
  const session = await InferenceSession.create(model);
  const feeds = Object.entries(inputs).map(([name, [data, shape]]) => [
    name,
    new Tensor(data instanceof Int32Array ? 'int32' : 'float32', data as Float32Array, shape),
  ]);
  const outputs = await session.run(Object.fromEntries(feeds));
  await session.release();
  return outputs[output]!.data as Float32Array;
}

/** Scores of a history by the exported parts alone: one row, a segment of its last items. */
async function scoresOf(model: ExportedEncoder, history: readonly number[]): Promise<number[]> {
  const own = history.slice(-model.maxLength);
  const row = (of: (place: number) => number): Int32Array =>
    Int32Array.from({ length: model.rowLength }, (_, place) =>
      place < own.length ? of(place) : 0,
    );
  const [items, shape] = [row((place) => own[place]!), [model.rowLength]];
  const { data, shape: table } = model.items;
  const width = table[1]!;
  const vectors = new Float32Array(model.rowLength * width);
  for (const [place, item] of items.entries()) {
    vectors.set((data as Float32Array).subarray(item * width, (item + 1) * width), place * width);
  }
  const all: Inputs = {
    items: [items, shape],
    vectors: [vectors, [model.rowLength, width]],
    positions: [row((place) => place), shape],
    segments: [row(() => 1), shape],
  };
  const asked = Object.fromEntries(model.inputs.map((name) => [name, all[name]!]));
  const hidden = await run(model.encoder, asked, 'hidden');
  const user = hidden.slice((own.length - 1) * width, own.length * width);
  const scores: number[] = [];
  for (let begin = 0; begin < itemCount; begin += model.blockSize) {
    const block = (data as Float32Array).slice(begin * width, (begin + model.blockSize) * width);
    const inputs: Inputs = {
      users: [user, [1, width]],
      items: [block, [model.blockSize, width]],
    };
    scores.push(...(await run(model.scores, inputs, 'scores')));
  }
  return scores;
}

test.each([
  ['ids', {}],
  ['ids and text', withText],
  ['HM4SR', hm4sr],
] as [string, Partial<WorkspaceOptions>][])(
  '%s: the parts score as recommend does',
  async (_, changes) => {
    const workspace = open(changes);
    const weights = initialWeights(workspace);
    const model = await exportEncoder(workspace, weights);
    for (const history of [
      [3, 1, 4],
      [1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7],
    ]) {
      const items = Int32Array.from(history);
      const [list] = await recommend(workspace, weights, [{ items }], itemCount, { repeats: true });
      const scores = await scoresOf(model, history);

      expect(scores).toHaveLength(itemCount);
      for (const [place, item] of list!.items.entries()) {
        expect(scores[item]).toBeCloseTo(list!.scores[place]!, 5);
      }
    }
    await workspace.dispose();
  },
);

test('it says what it reads, and what its rows and histories are', async () => {
  const workspace = open();
  const model = await exportEncoder(workspace, initialWeights(workspace));
  await workspace.dispose();

  expect([...model.inputs].sort()).toEqual(['positions', 'segments', 'vectors']);
  expect(model).toMatchObject({ rowLength: 16, maxLength, blockSize: itemCount });
  expect(model.items.shape).toEqual([itemCount, 16]);
  expect(model).not.toHaveProperty('times');
  expect(model).not.toHaveProperty('newItems');
  expect(model).not.toHaveProperty('modalities');
});

test('an encoder that reads times says how', async () => {
  const plain = dataset();
  const times = [...plain.sequences].map((own) => Float64Array.from(own, (_, n) => 100 * n ** 2));
  const workspace = open({
    dataset: { ...plain, times },
    intervals: { count: 32 },
    encoder: transformerEncoder({ ...smallSizes, itemCount, positions: 'intervals' }),
  });
  const model = await exportEncoder(workspace, initialWeights(workspace));
  await workspace.dispose();

  expect(model.inputs).toEqual(expect.arrayContaining(['intervals', 'times']));
  expect(model.times).toMatchObject({ ...workspace.times!.scale, count: 32 });
});

/** The mean of the rows of items that somebody chose, over and over. */
function meanRows({ shape, data }: NamedArray): NamedArray {
  const width = shape[1]!;
  const mean = Array.from({ length: width }, (_, at) => {
    let sum = 0;
    for (let item = 0; item < itemCount - 1; item++) sum += data[item * width + at]!;
    return sum / (itemCount - 1);
  });
  return { shape, data: Float32Array.from(data, (_, at) => mean[at % width]!) };
}

test('a new item has the vector of one with its text and the mean of the trained rows', async () => {
  const workspace = open(withText);
  const weights = initialWeights(workspace);
  const { newItems, modalities } = await exportEncoder(workspace, weights);
  const mean = { ...weights, items: meanRows(weights.items!) };
  const expected = await (await workspace.itemTable(mean)).vectors(mean);
  await workspace.dispose();
  const inputs: Inputs = {
    'features.text.vectors': [text.vectors, [itemCount, 5]],
    'features.text.present': [new Float32Array(itemCount).fill(1), [itemCount]],
  };
  const found = await run(newItems!, inputs, 'items');

  expect(modalities).toEqual({ text: 5 });
  expect(found).toHaveLength(expected.data.length);
  for (const [at, value] of expected.data.entries()) expect(found[at]).toBeCloseTo(value, 5);
});

test('new items can be left out, and asked for only where something tells of them', async () => {
  const workspace = open(withText);
  const model = await exportEncoder(workspace, initialWeights(workspace), { newItems: false });
  await workspace.dispose();
  expect(model).not.toHaveProperty('newItems');
  expect(model).not.toHaveProperty('modalities');

  const ids = open();
  const asking = exportEncoder(ids, initialWeights(ids), { newItems: true });
  await expect(asking).rejects.toThrow(NewItemsError);
  await ids.dispose();
});

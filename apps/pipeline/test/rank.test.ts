import { leaveOneOut } from '@rodpo/data';
import { rankOfTarget } from '@rodpo/metrics';
import { setBackend, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import type { Dataset } from '../src/data/dataset.ts';
import { type Model, openModel } from '../src/model/model.ts';
import type { Run } from '../src/run/run.ts';
import { prepare } from '../src/stages/prepare.ts';
import { initialWeights } from '../src/stages/pretrain.ts';
import { createRanker } from '../src/stages/rank.ts';
import type { Weights } from '../src/stages/train.ts';
import { tinyRun } from './tiny-run.ts';

let run: Run;
let dataset: Dataset;
let model: Model;
let weights: Weights;

beforeAll(async () => {
  run = await tinyRun();
  dataset = await prepare(run);
  model = await openModel(run, dataset);
  weights = initialWeights(run, model);
});

/** Scores of every item after one history, without packing, batching or compilation. */
async function scoresAfter(history: Int32Array): Promise<Float32Array> {
  await setBackend('cpu');
  const { encoder } = run.config;
  const read = history.slice(-encoder.maxLength);
  return tidy(() => {
    const parameters: Record<string, Tensor> = {};
    for (const [name, { shape, data }] of Object.entries(weights)) {
      parameters[name] = tensor(data, [...shape]);
    }
    const integers = (value: (index: number) => number) =>
      tensor(
        Int32Array.from(read, (_, index) => value(index)),
        [read.length],
        'int32',
      );
    const tokens = {
      items: integers((index) => read[index]!),
      positions: integers((index) => index),
      segments: integers(() => 1),
    };
    const options = { rowLength: read.length, dropout: 0, uniform: () => tensor(0) };
    const items = model.encoder.itemVectors(parameters, {});
    const { vectors } = model.encoder.encode(parameters, items, tokens, options);
    const scores = vectors.slice([read.length - 1, 0], [1, -1]).matMul(items.transpose());
    return scores.dataSync() as Float32Array;
  });
}

test.each([
  ['every item counts', false],
  ['the history does not count', true],
])('ranks agree with scoring each user alone: %s', async (_, maskHistory) => {
  const masking = { ...run.config, evaluate: { ...run.config.evaluate, maskHistory } };
  const ranker = await createRanker({ ...run, config: masking }, dataset, model, weights);
  const cases = leaveOneOut(dataset.sequences).test;

  const ranks = await ranker.ranks(weights, 'test');

  expect(ranks).toHaveLength(cases.length);
  for (const index of [0, 7, 50, cases.length - 1]) {
    const { history, target } = cases[index]!;
    const excluded = maskHistory ? history.slice(-run.config.encoder.maxLength) : [];
    const alone = rankOfTarget(await scoresAfter(history), target, { excluded });
    // Untrained scores lie so close that rounding can swap neighbours.
    expect(Math.abs(ranks[index]! - alone)).toBeLessThanOrEqual(1);
  }
});

test('collapsed scores rank every target last: ties count against it', async () => {
  const zeros = weights.items!.data.map(() => 0) as Float32Array;
  const collapsed = { ...weights, items: { ...weights.items!, data: zeros } };
  const ranker = await createRanker(run, dataset, model, weights);

  const ranks = await ranker.ranks(collapsed, 'validation');

  expect(new Set(ranks)).toEqual(new Set([dataset.itemIds.length]));
});

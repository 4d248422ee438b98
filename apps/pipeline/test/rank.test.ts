import { leaveOneOut } from '@rodpo/data';
import { isActionable } from '@rodpo/errors';
import { rankOfTarget } from '@rodpo/metrics';
import { initialWeights, type Weights } from '@rodpo/recipe';
import { setBackend, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { beforeEach, expect, test } from 'vitest';
import type { Dataset } from '../src/data/dataset.ts';
import { createEngine } from '../src/engine/engine.ts';
import type { Run } from '../src/run/run.ts';
import { prepare } from '../src/stages/prepare.ts';
import { type RunWorkspace, workspaceOf } from '../src/stages/workspace.ts';
import { tierOf } from './tier.ts';
import { tinyRun } from './tiny-run.ts';

let run: Run;
let dataset: Dataset;
let model: RunWorkspace;
let weights: Weights;

beforeEach(async () => {
  run = await tinyRun();
  dataset = await prepare(run);
  model = await workspaceOf(run, dataset);
  weights = initialWeights(model);
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
  const workspace = await workspaceOf({ ...run, config: masking }, dataset);
  const ranker = await workspace.evaluation(weights);
  const cases = leaveOneOut(dataset.sequences).test;
  const isLong = [...cases].findIndex(
    ({ history }) => history.length > run.config.encoder.maxLength,
  );

  const ranks = await ranker.test.ranks(weights);

  expect(isLong).toBeGreaterThanOrEqual(0);
  expect(ranks).toHaveLength(cases.length);
  for (const index of [0, 7, 50, isLong, cases.length - 1]) {
    const { history, target } = cases.at(index)!;
    const excluded = maskHistory ? history.filter((item) => item !== target) : [];
    const alone = rankOfTarget(await scoresAfter(history), target, { excluded });
    // Untrained scores lie so close that rounding can swap neighbours.
    expect(Math.abs(ranks[index]! - alone)).toBeLessThanOrEqual(1);
  }
  await workspace.dispose();
});

test('collapsed scores rank every target last: ties count against it', async () => {
  const ranker = await model.validation(weights);
  const ranks = await ranker.ranks(collapsed(weights));

  expect(new Set(ranks)).toEqual(new Set([dataset.itemIds.length]));
});

// Each user knows 12 items and more than the encoder reads, the first user some of them twice. All
// scores are equal, so that a target's rank is the number of items left in its ranking.
test('the whole history is left out, however much of it the encoder reads', async () => {
  const own = await tinyRun({ evaluate: { maskHistory: true }, encoder: { maxLength: 3 } });
  const items = Int32Array.from({ length: 12 }, (_, index) => 3 * index);
  const sequences = [Int32Array.of(...items, 0, 3, 40), items, Int32Array.of(5, 6, 7, 5)];
  const userIds = ['twice', 'once', 'target before'];
  const itemIds = Array.from({ length: 50 }, (_, index) => `${index}`);
  const data = { userIds, itemIds, sequences };
  const small = await workspaceOf(own, data);
  const zeros = small.encoder.initialize(() => 0);
  const ranker = await small.evaluation(zeros);

  // Twice: 12 known items, of which the validation target 3 is one. Once: 11 and 10 of the twelve
  // are known. Target before: 5 is the test target and known, so that only 6 and 7 are left out.
  expect([...(await ranker.test.ranks(zeros))]).toEqual([50 - 12, 50 - 11, 50 - 2]);
  expect([...(await ranker.validation.ranks(zeros))]).toEqual([50 - 11, 50 - 10, 50 - 2]);
  await small.dispose();
});

const spoilt = [
  ['onnxruntime', 'everything', (values: Float32Array) => values.fill(Number.NaN)],
  ['onnxruntime', 'one item', (values: Float32Array) => values.fill(Number.NaN, 0, 1)],
  ['tfjs', 'everything', (values: Float32Array) => values.fill(Number.NaN)],
  ['tfjs', 'one item', (values: Float32Array) => values.fill(Number.NaN, 0, 1)],
] as const;

test.each(tierOf(spoilt, ([kind]) => kind === 'onnxruntime'))(
  '%s: NaN in %s is an error, not a rank',
  async (kind, _, spoil) => {
    const engine = await createEngine({ ...run.config.engine, kind }, () => {});
    for (const maskHistory of [false, true]) {
      const config = { ...run.config, evaluate: { ...run.config.evaluate, maskHistory } };
      const workspace = await workspaceOf({ ...run, config, engine }, dataset);
      const ranker = await workspace.validation(weights);
      const data = spoil(Float32Array.from(weights.items!.data));
      const ranking = ranker.ranks({ ...weights, items: { ...weights.items!, data } });

      const error = await ranking.catch((reason: unknown) => reason);
      expect(error).toMatchObject({ message: /scores are not numbers for (\d+) of \1 users/ });
      expect(isActionable(error)).toBe(true);
      await workspace.dispose();
    }
  },
);

function collapsed(own: Weights): Weights {
  return { ...own, items: { ...own.items!, data: own.items!.data.map(() => 0) as Float32Array } };
}

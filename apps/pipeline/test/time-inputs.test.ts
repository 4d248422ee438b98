import { leaveOneOut } from '@rodpo/data';
import { rankOfTarget } from '@rodpo/metrics';
import { seededRandom } from '@rodpo/random';
import { setBackend, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { type Config, parseConfig } from '../src/config.ts';
import type { Dataset } from '../src/data/dataset.ts';
import { needsTimes, userTimes } from '../src/data/time-inputs.ts';
import { trainingBatches, trainingSet } from '../src/data/training-set.ts';
import { createEngine, type Engine } from '../src/engine.ts';
import { encoderOf } from '../src/model/encoder-of.ts';
import type { Model } from '../src/model/model.ts';
import type { Run } from '../src/run/run.ts';
import { prepare } from '../src/stages/prepare.ts';
import { initialWeights, pretrainProgram } from '../src/stages/pretrain.ts';
import { createEvaluationRanker } from '../src/stages/rank.ts';
import type { Weights } from '../src/stages/train.ts';
import { featureTable, presentOf, vectorsOf } from '../src/steps/features.ts';
import { tokenSpecs } from '../src/steps/tokens.ts';
import { tinyRun } from './tiny-run.ts';

/** A config whose encoder reads times, unless `encoder` says otherwise. */
function timed(config: Config, encoder: object = { positions: 'intervals' }): Config {
  const { maxLength, dimension, blockCount, headCount } = config.encoder;
  const sizes = { maxLength, dimension, blockCount, headCount };
  return parseConfig({ ...config, encoder: { ...sizes, ...encoder } }, 'the test');
}

const plain = parseConfig(
  { encoder: { maxLength: 3 }, batch: { rowLength: 4, rowCount: 2, blockSize: 4 } },
  'the test',
);
const dataset: Dataset = {
  userIds: ['a', 'b', 'c'],
  itemIds: ['0', '1', '2', '3', '4', '5', '6', '7'],
  sequences: [Int32Array.of(0, 1, 2, 3, 4, 5, 6), Int32Array.of(7, 6), Int32Array.of(3, 2, 1, 0)],
  times: [
    Float64Array.of(100, 101, 104, 104, 120, 147, 280),
    Float64Array.of(105, 180),
    Float64Array.of(110, 140, 200, 220),
  ],
};

test('packs the interval to the item before, read or not, and the time within the training part', () => {
  const set = trainingSet(dataset, timed(plain));
  const [batch] = [...trainingBatches(set, timed(plain))];
  const { items, intervals, times } = batch!.inputs;

  // Intervals of a: -, 1, 3, 0, 16, …; the first token read is item 1, a second after item 0:
  // floor(log2(1 + 1)) = 1, then log2(4) = 2, log2(1) = 0. Those of b and c have none before.
  expect(items).toEqual(Int32Array.of(1, 2, 3, 7, 3, 0, 0, 0));
  expect(intervals).toEqual(Int32Array.of(1, 2, 0, 0, 0, 0, 0, 0));
  // The training part lasts from 100 to 180: a's is [100, 120], b's is whole, c's is [110, 140].
  const scaled = [101, 104, 104, 105, 110].map((time) => (time - 100) / 80);
  expect(times).toEqual(Float32Array.of(...scaled, 0, 0, 0));
});

test('later times exceed 1, and an interval has the same bucket wherever reading begins', () => {
  const timesOf = userTimes(dataset, timed(plain))!;

  expect(timesOf(0, 5, 7).times).toEqual(Float32Array.of(47 / 80, 180 / 80));
  // 27 s: floor(log2 28) = 4; 133 s: floor(log2 134) = 7.
  expect(timesOf(0, 5, 7).intervals).toEqual(Int32Array.of(4, 7));
  expect(timesOf(0, 0, 7).intervals.subarray(5)).toEqual(Int32Array.of(4, 7));
});

test('buckets are as many and as wide as the encoder has them', () => {
  const bucketsOf = (encoder: object) =>
    userTimes(dataset, timed(plain, encoder))!(0, 0, 7).intervals;
  const halves = { intervalCount: 8, intervalsPerOctave: 2 };

  expect(bucketsOf({ positions: 'intervals' })).toEqual(Int32Array.of(0, 1, 2, 0, 4, 4, 7));
  // floor(2 · log2(d + 1)) of 1, 3, 0, 16, 27, 133: 2, 4, 0, 8, 9, 14; at most 7.
  const twice = Int32Array.of(0, 2, 4, 0, 7, 7, 7);
  expect(bucketsOf({ positions: 'intervals', ...halves })).toEqual(twice);
  expect(bucketsOf({ kind: 'hm4sr', temporal: halves })).toEqual(twice);
});

test('one moment has no span: all its times are 0', () => {
  const frozen = { ...dataset, times: dataset.times!.map((own) => own.map(() => 9)) };

  expect(userTimes(frozen, timed(plain))!(0, 0, 7).times).toEqual(new Float32Array(7));
});

test.each([
  [false, {}],
  [false, { positions: 'learned' }],
  [true, { positions: 'intervals' }],
  [false, { kind: 'hm4sr', temporal: null }],
  [true, { kind: 'hm4sr', temporal: { intervalCount: 8 } }],
])('times are needed: %o, by the encoder %o', (isNeeded, encoder) => {
  const config = timed(plain, encoder);
  const { times: _, ...untimed } = dataset;
  const [batch] = [...trainingBatches(trainingSet(dataset, config), config)];

  expect(needsTimes(config)).toBe(isNeeded);
  expect('times' in batch!.inputs).toBe(isNeeded);
  expect('intervals' in tokenSpecs(config)).toBe(isNeeded);
  if (isNeeded) expect(() => trainingSet(untimed, config)).toThrow(/reads times, .* --fresh/);
  else expect(() => trainingSet(untimed, config)).not.toThrow();
});

let run: Run;
let data: Dataset;
let eager: Engine;

beforeAll(async () => {
  run = await tinyRun();
  data = await prepare(run);
  eager = await createEngine({ ...run.config.engine, kind: 'tfjs' }, () => {});
});

const encoders: [string, object][] = [
  ['intervals as positions', { positions: 'intervals' }],
  ['temporal experts', { kind: 'hm4sr', streams: ['id', 'text'] }],
];

function openTimed(settings: object) {
  const itemCount = data.itemIds.length;
  const random = seededRandom(5);
  const text = Float32Array.from({ length: itemCount * 4 }, () => random() - 0.5);
  const features = {
    [vectorsOf('text')]: { shape: [itemCount, 4], data: text },
    [presentOf('text')]: { shape: [itemCount], data: new Float32Array(itemCount).fill(1) },
  };
  const own = { ...run, config: timed(run.config, settings) };
  const vectors = 'kind' in settings ? { text: 4 } : {};
  const model: Model = { encoder: encoderOf(own.config.encoder, { itemCount, vectors }), features };
  return { model, own };
}

test.each(encoders)('%s: both engines give the same losses', async (_, settings) => {
  const { model, own } = openTimed(settings);
  const weights = initialWeights(own, model);
  const set = trainingSet(data, own.config);
  const losses = async (engine: Engine) => {
    const program = await pretrainProgram({ ...own, engine }, model, weights);
    const found: number[] = [];
    for (const { inputs } of trainingBatches(set, own.config, 1)) {
      const { loss } = await program.run(inputs, { seed: 7, step: found.length });
      found.push(loss![0]!);
    }
    await program.dispose();
    return found;
  };
  const [native, expected] = [await losses(run.engine), await losses(eager)];

  expect(native.length).toBeGreaterThan(3);
  for (const [step, loss] of native.entries()) {
    expect(Math.abs(loss / expected[step]! - 1)).toBeLessThan(1e-4);
  }
});

test.each(encoders)('%s: ranks agree with scoring each user alone', async (_, settings) => {
  const { model, own } = openTimed(settings);
  const weights = widened(initialWeights(own, model));
  const ranker = await createEvaluationRanker(own, data, model, weights);
  const ranks = await ranker.test.ranks(weights);
  await ranker.dispose();
  const cases = leaveOneOut(data.sequences).test;
  const isLong = cases.findIndex(({ history }) => history.length > own.config.encoder.maxLength);
  let moved = 0;

  expect(isLong).toBeGreaterThanOrEqual(0);
  for (const index of [0, 7, isLong, cases.length - 1]) {
    const { user, history, target } = cases[index]!;
    const times = data.times![user]!.subarray(0, -1);
    const scores = await scoresAfter(history, times, model, weights);
    const others = await scoresAfter(
      history,
      times.map(() => 0),
      model,
      weights,
    );
    // Rounding can swap neighbours.
    expect(Math.abs(ranks[index]! - rankOfTarget(scores, target))).toBeLessThanOrEqual(1);
    moved += Math.abs(rankOfTarget(others, target) - ranks[index]!);
  }
  expect(moved).toBeGreaterThan(10); // else times would not matter
});

/** Untrained weights are so small that times hardly move a rank; ten times as large, they do. */
function widened(weights: Weights): Weights {
  const wide = ([name, { shape, data: values }]: [string, Weights[string]]) =>
    [name, { shape, data: values.map((value) => 10 * value) }] as const;
  return Object.fromEntries(Object.entries(weights).map(wide)) as Weights;
}

/** Scores of every item after one whole history: no packing, and times worked out anew. */
async function scoresAfter(
  history: Int32Array,
  times: Float64Array,
  { encoder, features }: Model,
  weights: Weights,
): Promise<Float32Array> {
  await setBackend('cpu');
  const begin = Math.max(0, history.length - run.config.encoder.maxLength);
  const places = [...history.keys()].slice(begin);
  const trained = data.times!.flatMap((own) => [...own.subarray(0, -2)]);
  const [first, last] = [Math.min(...trained), Math.max(...trained)];
  const bucket = (place: number) =>
    place === 0 ? 0 : Math.floor(Math.log2(times[place]! - times[place - 1]! + 1));
  const integers = (values: number[]) => tensor(values, [values.length], 'int32');
  return tidy(() => {
    const parameters: Record<string, Tensor> = {};
    for (const [name, { shape, data: values }] of Object.entries({ ...weights, ...features })) {
      parameters[name] = tensor(values, [...shape]);
    }
    const tokens = {
      items: integers(places.map((place) => history[place]!)),
      positions: integers(places.map((place) => place - begin)),
      segments: integers(places.map(() => 1)),
      intervals: integers(places.map(bucket)),
      times: tensor(places.map((place) => (times[place]! - first) / (last - first))),
    };
    const options = { rowLength: places.length, dropout: 0, uniform: () => tensor(0) };
    const items = encoder.itemVectors(parameters, featureTable(parameters));
    const { vectors } = encoder.encode(parameters, items, tokens, options);
    const scores = vectors.slice([places.length - 1, 0], [1, -1]).matMul(items.transpose());
    return scores.dataSync() as Float32Array;
  });
}

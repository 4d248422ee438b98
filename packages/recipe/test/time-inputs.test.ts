import '@tensorflow/tfjs';
import { FlatSequences, flatSequences, leaveOneOut } from '@rodpo/data';
import { hm4srEncoder, transformerEncoder } from '@rodpo/encoder';
import { rankOfTarget } from '@rodpo/metrics';
import { seededRandom } from '@rodpo/random';
import { setBackend, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import type { BatchLayout } from '../src/batches/batch-layout.ts';
import type { Dataset } from '../src/batches/dataset.ts';
import { userTimes } from '../src/batches/time-inputs.ts';
import { trainingBatches, trainingSet } from '../src/batches/training-set.ts';
import { arraysOf } from '../src/rows/row-source.ts';
import { featureTable } from '../src/steps/features.ts';
import { tokenSpecs } from '../src/steps/tokens.ts';
import { pretrainDefaults } from '../src/training/defaults.ts';
import { initialWeights, pretrainProgram } from '../src/training/pretrain.ts';
import { compiledEngine, type Engine, eagerEngine } from '../src/workspace/engine.ts';
import type { Weights } from '../src/workspace/weights.ts';
import type { EncoderInputs, Workspace } from '../src/workspace/workspace.ts';
import { maxLength, smallDataset, smallSizes, smallWorkspace } from './small-workspace.ts';

const layout = { maxLength: 3, rowLength: 4, rowCount: 2, blockSize: 4 };
const timed = { ...layout, intervals: { count: 32, perOctave: 1 } };
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

const { train } = leaveOneOut(dataset.sequences);
const timesIn = (own = timed) => userTimes(dataset.times, train, own)!;
const setOf = (own: Pick<BatchLayout, 'intervals'> = timed) =>
  trainingSet(train, {
    itemCount: 8,
    maxLength: 3,
    timesOf: userTimes(dataset.times, train, own)?.of,
  });

test('packs the interval to the item before, read or not, and the time within the training part', () => {
  const [batch] = [...trainingBatches(setOf(), layout)];
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
  const timesOf = timesIn().of;

  expect(timesOf(0, 5, 7).times).toEqual(Float32Array.of(47 / 80, 180 / 80));
  // 27 s: floor(log2 28) = 4; 133 s: floor(log2 134) = 7.
  expect(timesOf(0, 5, 7).intervals).toEqual(Int32Array.of(4, 7));
  expect(timesOf(0, 0, 7).intervals.subarray(5)).toEqual(Int32Array.of(4, 7));
});

test('buckets are as many and as wide as the encoder has them', () => {
  const halves = { ...layout, intervals: { count: 8, perOctave: 2 } };

  expect(timesIn().of(0, 0, 7).intervals).toEqual(Int32Array.of(0, 1, 2, 0, 4, 4, 7));
  // floor(2 · log2(d + 1)) of 1, 3, 0, 16, 27, 133: 2, 4, 0, 8, 9, 14; at most 7.
  expect(timesIn(halves).of(0, 0, 7).intervals).toEqual(Int32Array.of(0, 2, 4, 0, 7, 7, 7));
});

test('who has nothing to learn from has no say in the scale, nor has what the one before held out', () => {
  const sequences = flatSequences([
    Int32Array.of(0, 1, 2, 3),
    Int32Array.of(4),
    Int32Array.of(5, 6),
  ]);
  const { values, starts } = sequences;
  // Of the first user two items are left to learn from, of the others none and both.
  const part = new FlatSequences(values, starts, Float64Array.of(2, 4, 7));
  const times = [[10, 20, 90, 99], [1], [15, 30]].map((own) => Float64Array.from(own));

  expect(userTimes(times, part, timed)!.of(0, 0, 2).times).toEqual(Float32Array.of(0, 10 / 20));
});

test('one moment has no span: all its times are 0', () => {
  const frozen = [...dataset.times!].map((own) => own.map(() => 9));

  expect(userTimes(frozen, train, timed)!.of(0, 0, 7).times).toEqual(new Float32Array(7));
});

test.each([
  [false, layout],
  [true, timed],
] as [boolean, BatchLayout][])('times are needed: %o', (isNeeded, own) => {
  const [batch] = [...trainingBatches(setOf(own), own)];

  expect('times' in batch!.inputs).toBe(isNeeded);
  expect('intervals' in tokenSpecs(own)).toBe(isNeeded);
  if (isNeeded) expect(() => userTimes(undefined, train, own)).toThrow(/reads times, .* --fresh/);
  else expect(userTimes(undefined, train, own)).toBeUndefined();
});

const random = seededRandom(5);
const plainData = smallDataset();
/** Some users come back within seconds, some after weeks. */
const data: Dataset = {
  ...plainData,
  times: [...plainData.sequences].map((own) => {
    let now = 1e9 + 1e6 * random();
    return Float64Array.from(own, () => (now += Math.floor(Math.exp(12 * random()))));
  }),
};

type Timed = (inputs: EncoderInputs) => Workspace['encoder'];
const encoders: [string, Timed][] = [
  [
    'intervals as positions',
    ({ itemCount }) => transformerEncoder({ ...smallSizes, itemCount, positions: 'intervals' }),
  ],
  [
    'temporal experts',
    ({ itemCount, vectors }) =>
      hm4srEncoder({ ...smallSizes, itemCount, vectors, temporal: { intervalCount: 32 } }),
  ],
];

beforeAll(async () => void (await setBackend('cpu')));

function openTimed(encoder: Timed, engine: Engine = compiledEngine({ threads: 1 })): Workspace {
  const draw = seededRandom(7);
  const text = Float32Array.from({ length: data.itemIds.length * 4 }, () => draw() - 0.5);
  const vectors = encoder === encoders[1]![1] ? { text: { dimension: 4, vectors: text } } : {};
  return smallWorkspace({ dataset: data, encoder, engine, vectors, intervals: { count: 32 } });
}

test.each(encoders)('%s: both engines give the same losses', async (_, encoder) => {
  const weights = initialWeights(openTimed(encoder));
  const losses = async (engine: Engine) => {
    const workspace = openTimed(encoder, engine);
    const program = await pretrainProgram(workspace, weights, pretrainDefaults);
    const found: number[] = [];
    for (const { inputs } of trainingBatches(workspace.set, workspace.layout, 1)) {
      const { loss } = await program.run(inputs, { seed: 7, step: found.length });
      found.push(loss![0]!);
    }
    await program.dispose();
    return found;
  };
  const [native, expected] = [
    await losses(compiledEngine({ threads: 1 })),
    await losses(eagerEngine()),
  ];

  expect(native.length).toBeGreaterThan(3);
  for (const [step, loss] of native.entries()) {
    expect(Math.abs(loss / expected[step]! - 1)).toBeLessThan(1e-4);
  }
});

test.each(encoders)('%s: ranks agree with scoring each user alone', async (_, encoder) => {
  const workspace = openTimed(encoder);
  const weights = widened(initialWeights(workspace));
  const { test: ranker } = await workspace.evaluation(weights);
  const ranks = await ranker.ranks(weights);
  const cases = leaveOneOut(data.sequences).test;
  const isLong = [...cases].findIndex(({ history }) => history.length > maxLength);
  let moved = 0;

  expect(isLong).toBeGreaterThanOrEqual(0);
  for (const index of [0, 7, isLong, cases.length - 1]) {
    const { user, history, target } = cases.at(index)!;
    const times = data.times!.at(user)!.subarray(0, -1);
    const scores = scoresAfter(history, times, workspace, weights);
    const others = scoresAfter(
      history,
      times.map(() => 0),
      workspace,
      weights,
    );
    // Rounding can swap neighbours.
    expect(Math.abs(ranks[index]! - rankOfTarget(scores, target))).toBeLessThanOrEqual(1);
    moved += Math.abs(rankOfTarget(others, target) - ranks[index]!);
  }
  expect(moved).toBeGreaterThan(5); // else times would not matter
  await workspace.dispose();
});

/** Untrained weights are so small that times hardly move a rank; ten times as large, they do. */
function widened(weights: Weights): Weights {
  const wide = ([name, { shape, data: values }]: [string, Weights[string]]) =>
    [name, { shape, data: values.map((value) => 10 * value) }] as const;
  return Object.fromEntries(Object.entries(weights).map(wide)) as Weights;
}

/** Scores of every item after one whole history: no packing, and times worked out anew. */
function scoresAfter(
  history: Int32Array,
  times: Float64Array,
  { encoder, features }: Workspace,
  weights: Weights,
): Float32Array {
  const begin = Math.max(0, history.length - maxLength);
  const places = [...history.keys()].slice(begin);
  const trained = [...data.times!].flatMap((own) => [...own.subarray(0, -2)]);
  const [first, last] = [Math.min(...trained), Math.max(...trained)];
  const bucket = (place: number) =>
    place === 0 ? 0 : Math.floor(Math.log2(times[place]! - times[place - 1]! + 1));
  const integers = (values: number[]) => tensor(values, [values.length], 'int32');
  return tidy(() => {
    const parameters: Record<string, Tensor> = {};
    for (const [name, { shape, data: values }] of Object.entries({
      ...weights,
      ...arraysOf(features),
    })) {
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

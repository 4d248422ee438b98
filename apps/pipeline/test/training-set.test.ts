import { fileURLToPath } from 'node:url';
import { paddingShare } from '@rodpo/data';
import { hasRealData, realData } from '@rodpo/testing/data';
import { expect, test } from 'vitest';
import { loadConfig, parseConfig } from '../src/config.ts';
import type { Dataset } from '../src/data/dataset.ts';
import {
  epochTokens,
  learnedTokens,
  trainingBatches,
  trainingSet,
} from '../src/data/training-set.ts';
import { openRun } from '../src/run/run.ts';
import { prepare } from '../src/stages/prepare.ts';
import { silent, tinyRun } from './tiny-run.ts';

const dataset: Dataset = {
  userIds: ['a', 'b', 'c'],
  itemIds: ['0', '1', '2', '3', '4', '5', '6', '7'],
  sequences: [Int32Array.of(0, 1, 2, 3, 4, 5, 6), Int32Array.of(7, 6), Int32Array.of(3, 2, 1, 0)],
};
const config = parseConfig(
  {
    encoder: { maxLength: 3 },
    batch: { rowLength: 4, rowCount: 2, blockSize: 4 },
  },
  'the test',
);

test('learns from every position of the training part, the latest ones when there are many', () => {
  const set = trainingSet(dataset, config);

  // User a trains on 0…4, of which the last three targets fit; b has no pair held out, but two
  // items; c trains on its first two.
  expect(set.lengths).toEqual(Int32Array.of(3, 1, 1));
  expect(set.items(0)).toEqual(Int32Array.of(1, 2, 3, 4));
  expect(set.firstTokens).toEqual(Int32Array.of(0, 3, 4));
  expect(set.tokenCount).toBe(5);
});

test('packs what was read, what came next, and which tokens count', () => {
  const [batch] = [...trainingBatches(trainingSet(dataset, config), config)];
  const { items, targets, weights, segments, positions } = batch!.inputs;

  expect(items).toEqual(Int32Array.of(1, 2, 3, 7, 3, 0, 0, 0));
  expect(targets).toEqual(Int32Array.of(2, 3, 4, 6, 2, 0, 0, 0));
  expect(segments).toEqual(Int32Array.of(1, 1, 1, 2, 1, 0, 0, 0));
  expect(positions).toEqual(Int32Array.of(0, 1, 2, 0, 0, 0, 0, 0));
  expect(weights).toEqual(Float32Array.of(1, 1, 1, 1, 1, 0, 0, 0));
});

test('learns from the last token of each sequence alone, if asked to; all else stays', () => {
  const set = trainingSet(dataset, config);
  const [all] = [...trainingBatches(set, config)];
  const [last] = [...trainingBatches(set, config, undefined, { positions: 'last' })];
  const { weights, ...others } = last!.inputs;
  const { weights: _, ...expected } = all!.inputs;

  expect(weights).toEqual(Float32Array.of(0, 0, 1, 1, 1, 0, 0, 0));
  expect(others).toEqual(expected);
  expect(last!.packed).toEqual(all!.packed);
  expect(all!.learned).toBe(all!.packed.placements);
  expect([learnedTokens(all!), learnedTokens(last!)]).toEqual([5, 3]);
  expect([epochTokens(set, 'all'), epochTokens(set, 'last')]).toEqual([5, 3]);
});

test.each(['all', 'last'] as const)(
  "an epoch's weights, %s: batches sum to it",
  async (positions) => {
    const run = await tinyRun();
    const set = trainingSet(await prepare(run), run.config);
    const batches = [...trainingBatches(set, run.config, 1, { positions })];
    const sumOf = ({ inputs }: (typeof batches)[number]) =>
      [...inputs.weights!].reduce((total, weight) => total + weight, 0);

    expect(batches.length).toBeGreaterThan(3);
    for (const { packed, inputs, learned } of batches) {
      const isRead = packed.segments.map((segment) => Math.min(segment, 1));
      if (positions === 'all') expect(inputs.weights).toEqual(Float32Array.from(isRead));
      else expect(learned.length).toBe(packed.placements.length);
    }
    expect(batches.map(sumOf)).toEqual(batches.map(learnedTokens));
    expect(batches.map(sumOf).reduce((total, sum) => total + sum)).toBe(
      epochTokens(set, positions),
    );
  },
);

test('at most 15 % of the tokens are padding on the default data', async () => {
  const run = await tinyRun({ data: { userCount: 2000, itemCount: 1000 } });
  const defaults = parseConfig({}, 'the test');
  const set = trainingSet(await prepare(run), defaults);
  const batches = [...trainingBatches(set, defaults, 1)].map(({ packed }) => packed);

  expect(paddingShare(batches)).toBeLessThan(0.15);
});

const beauty = fileURLToPath(new URL('../configs/amazon-beauty.json', import.meta.url));
const beautyConfig = await loadConfig(beauty);
const beautyPath = 'amazon-beauty/sequences.txt';

test.skipIf(!hasRealData(beautyPath))(
  'at most 15 % of the tokens are padding on Amazon Beauty',
  async () => {
    const { output } = (await tinyRun()).config;
    const data = { ...beautyConfig.data, path: realData(beautyPath) };
    const run = await openRun({ ...beautyConfig, data, output: `${output}-beauty` }, silent);
    const prepared = await prepare(run);
    const batches = [...trainingBatches(trainingSet(prepared, beautyConfig), beautyConfig, 1)];

    expect(prepared.userIds).toHaveLength(22_363);
    expect(prepared.itemIds).toHaveLength(12_101);
    expect(paddingShare(batches.map(({ packed }) => packed))).toBeLessThan(0.15);
  },
);

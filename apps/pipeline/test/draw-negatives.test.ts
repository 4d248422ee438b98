import { seededRandom } from '@rodpo/random';
import { tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { alignSettings } from '../src/align-settings.ts';
import { createEngine } from '../src/engine.ts';
import { drawNegatives } from '../src/steps/draw-negatives.ts';
import { tinyConfig } from './tiny-run.ts';

// One token; scores are the items' only component. Item 4 was chosen.
const policy = { hidden: tensor2d([[1]]), items: tensor2d([[1], [9], [3], [2], [10]]) };
const reference = { hidden: tensor2d([[1]]), items: tensor2d([[8], [1], [3], [2], [10]]) };
const excluded = tensor2d([[4]], [1, 1], 'int32');

test.each([
  ['policy', 1, [1]],
  ['reference', 1, [0]],
  ['policy', 2, [1, 2]],
  ['reference', 2, [0, 2]],
])('a pool scored by the %s, of %d: items %j', async (scoredBy, size, expected) => {
  const { align, engine } = await tinyConfig({
    engine: { kind: 'tfjs' },
    align: { strategies: [{ name: 'x', negatives: { from: 'pool', size, scoredBy } }] },
  });
  await createEngine(engine, () => {});
  const random = seededRandom(3);
  const strategy = alignSettings(align, align.strategies[0]!);
  const drawOne = () => {
    const { items } = drawNegatives(
      { policy, reference },
      {
        strategy,
        itemCount: 5,
        blockSize: 1,
        inputs: { excluded },
        uniform: () => tensor1d([random()]),
      },
    );
    return items.dataSync()[0]!;
  };
  const drawn = new Set(Array.from({ length: 40 }, drawOne));

  expect([...drawn].sort()).toEqual(expected);
});

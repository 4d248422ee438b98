import '@tensorflow/tfjs';
import { seededRandom } from '@rodpo/random';
import { setBackend, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { drawNegatives } from '../src/steps/draw-negatives.ts';

beforeAll(async () => void (await setBackend('cpu')));

// One token; scores are the items' only component. Item 4 was chosen.
const policy = { hidden: tensor2d([[1]]), items: tensor2d([[1], [9], [3], [2], [10]]) };
const reference = { hidden: tensor2d([[1]]), items: tensor2d([[8], [1], [3], [2], [10]]) };
const excluded = tensor2d([[4]], [1, 1], 'int32');

/** A draw for the one token, by the uniform number that is given. */
const drawWith = (source: Parameters<typeof drawNegatives>[0], uniform: number) =>
  drawNegatives(source, {
    policy,
    reference,
    excluded,
    chosen: tensor1d([4], 'int32'),
    itemCount: 5,
    count: 1,
    blockSize: 1,
    uniform: () => tensor1d([uniform]),
  });

test.each([
  ['policy', 1, [1]],
  ['reference', 1, [0]],
  ['policy', 2, [1, 2]],
  ['reference', 2, [0, 2]],
] as const)('a pool scored by the %s, of %d: items %j', (scoredBy, size, expected) => {
  const random = seededRandom(3);
  const drawOne = () => {
    const { items } = drawWith({ from: 'pool', size, scoredBy }, random());
    return items.dataSync()[0]!;
  };
  const drawn = new Set(Array.from({ length: 40 }, drawOne));

  expect([...drawn].sort()).toEqual(expected);
});

test('negatives of the history need the batch as it is read', () => {
  const draw = () => drawWith({ from: 'history' }, 0.5);

  expect(draw).toThrow('Negatives of the history need `tokens`');
});

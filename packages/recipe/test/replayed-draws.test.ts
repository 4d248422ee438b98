import { memory, setBackend, tensor1d } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { replayedDraws } from '../src/steps/replayed-draws.ts';

beforeAll(async () => void (await setBackend('cpu')));

/** Draws 1, 2, 3, … of a shape. */
function counting() {
  let next = 0;
  return replayedDraws(([length]) => {
    next += 1;
    return tensor1d(Array(length).fill(next));
  });
}

test('draws come again in their order, as often as they are asked for', () => {
  const draws = counting();
  draws.uniform([2]);
  draws.uniform([3]);

  for (const again of [draws.again(), draws.again()]) {
    expect([...again([2]).dataSync()]).toEqual([1, 1]);
    expect([...again([3]).dataSync()]).toEqual([2, 2, 2]);
  }
  draws.dispose();
});

test('one more than there were is refused, as is another shape', () => {
  const draws = counting();
  draws.uniform([2]);
  const again = draws.again();

  expect(() => draws.again()([3])).toThrow(/replayedDraws/);
  again([2]);
  expect(() => again([2])).toThrow('There were 1 draws, and one more is asked for.');
  draws.dispose();
});

test('nothing is left when they are no longer needed', () => {
  const before = memory().numTensors;
  const draws = counting();
  draws.uniform([2]);
  draws.uniform([3]);
  expect(memory().numTensors).toBe(before + 2);

  draws.dispose();
  expect(memory().numTensors).toBe(before);
});

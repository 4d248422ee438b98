import { seededRandom } from '@rodpo/random';
import { hardest, type NegativeSampler } from '@rodpo/samplers';
import { expect, test } from 'vitest';
import { trainingSet } from '../src/batches/training-set.ts';
import { sourceOutside } from '../src/rows/source-outside.ts';
import type { NegativeSource } from '../src/steps/align-settings.ts';

// Item 0 stands in it four times, item 1 once, item 2 never.
const set = trainingSet([Int32Array.of(0, 1, 0), Int32Array.of(0, 0)], {
  itemCount: 3,
  maxLength: 4,
});

/** Two rows that exclude nothing; one chose item 0, the other item 1. */
const batch = {
  rowCount: 2,
  excluded: { offsets: new Int32Array(3), items: new Int32Array(0) },
  chosen: Int32Array.of(0, 1),
};

function samplerOf(source: NegativeSource): NegativeSampler {
  const outside = sourceOutside(source, set);
  if (typeof outside === 'function' || outside.from !== 'sampler') throw new Error('no sampler');
  return outside.sampler;
}

test.each<[string, NegativeSource, number[]]>([
  ['the catalogue', { from: 'catalogue' }, [1 / 3, 1 / 3, 1 / 3]],
  ['popularity', { from: 'popularity', exponent: 1 }, [4 / 5, 1 / 5, 0]],
  ['its square root', { from: 'popularity', exponent: 0.5 }, [2 / 3, 1 / 3, 0]],
  [
    'the default exponent',
    { from: 'popularity' },
    [4 ** 0.75, 1, 0].map((w) => w / (4 ** 0.75 + 1)),
  ],
])('%s is drawn with the same probabilities, again and again', (_, source, expected) => {
  const sampler = samplerOf(source);
  const logs = sampler.logProbabilities(batch, Int32Array.of(0, 1, 2, 0, 1, 2), 3);

  for (const [index, log] of logs.entries()) {
    expect(Math.exp(log)).toBeCloseTo(expected[index % 3]!, 6);
  }
  // More draws than there are items: some come again.
  expect(sampler.sample(batch, 5, seededRandom(1)).items).toHaveLength(10);
});

test('what the batch chose: a row draws the items of the others', () => {
  const { items } = samplerOf({ from: 'batch' }).sample(batch, 3, seededRandom(1));

  expect([...items]).toEqual([1, 1, 1, 0, 0, 0]);
});

test.each<[string, NegativeSource]>([
  ['the history', { from: 'history' }],
  ['a pool', { from: 'pool', size: 3 }],
  ['a sampler', { from: 'sampler', sampler: hardest(), scored: true }],
  [
    'a function',
    () => {
      throw new Error('nothing is drawn');
    },
  ],
])('%s stays as it is', (_, source) => {
  expect(sourceOutside(source, set)).toBe(source);
});

import { popularityCandidates } from '@rodpo/samplers';
import { expect, test } from 'vitest';
import { type TrainingBatch, trainingSet } from '../src/batches/training-set.ts';
import type { CandidateSettings } from '../src/steps/candidate-settings.ts';
import { candidateDrawer } from '../src/training/draw-candidates.ts';

// Item 0 stands in it five times, item 1 twice, item 2 once, the other five never.
const set = trainingSet([Int32Array.of(0, 1, 0, 2), Int32Array.of(0, 0, 1, 0)], {
  itemCount: 8,
  maxLength: 4,
});
const layout = { rowLength: 4 };
const place = { seed: 5, step: 2 };

// Two rows of four; what has no weight is padding, or not learned from, whatever stands there.
const batch = {
  inputs: {
    targets: Int32Array.of(3, 4, 7, 0, 5, 5, 6, 7),
    weights: Float32Array.of(1, 1, 0, 0, 1, 1, 1, 0),
  },
} as unknown as TrainingBatch;

const drawn = (settings: CandidateSettings, use: 'softmax' | 'pool' = 'softmax') =>
  candidateDrawer(set, layout, use, settings)(batch, place);

test('what is learned from may be among a batch’s candidates, and nothing else', () => {
  const settings = { candidates: 4, distribution: { from: 'batch' } } as const;
  const items = drawn(settings)['softmax.candidates']!;

  expect([...items].sort()).toEqual([3, 4, 5, 6]);
});

test('each row has those of its own tokens, and as many as the batch would have', () => {
  const settings = { candidates: 2, distribution: { from: 'batch' }, shared: 'row' } as const;
  const items = [...drawn(settings)['softmax.candidates']!];

  expect(items.slice(0, 2).sort()).toEqual([3, 4]);
  expect(items.slice(2).sort()).toEqual([5, 6]);
});

test('a target knows how likely it is a candidate, and whether it is one; padding does not', () => {
  const settings = { candidates: 8, distribution: { from: 'catalogue' } } as const;
  const inputs = drawn(settings);

  // The whole catalogue: each item is a candidate for certain.
  expect([...inputs['softmax.candidates']!].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect([...inputs['softmax.targets.isCandidate']!]).toEqual([1, 1, 0, 0, 1, 1, 1, 0]);
  expect([...inputs['softmax.logQ']!]).toEqual(Array(8).fill(0));
  const few = drawn({ ...settings, candidates: 2 });
  const logQ = few['softmax.logQ']![0]!;
  expect(logQ).toBeLessThan(0);
  expect([...few['softmax.targets.logQ']!]).toEqual(
    [1, 1, 0, 0, 1, 1, 1, 0].map((weight) => (weight ? logQ : 0)),
  );
  const candidates = new Set(few['softmax.candidates']);
  for (const [token, target] of [3, 4, -1, -1, 5, 5, 6, -1].entries()) {
    expect(few['softmax.targets.isCandidate']![token]).toBe(candidates.has(target) ? 1 : 0);
  }
});

test('without a distribution they come by popularity, to the power 0.75', () => {
  const { probability } = popularityCandidates([5, 2, 1, 0, 0, 0, 0, 0], { exponent: 0.75 });
  const inputs = drawn({ candidates: 1 });
  const [item] = inputs['softmax.candidates']!;

  // One draw: an item is a candidate as often as it is proposed.
  expect(inputs['softmax.logQ']![0]).toBeCloseTo(Math.log(probability(item!)), 5);
});

test('pools are given the items alone, drawn apart from those of the softmax', () => {
  const settings = { candidates: 5, distribution: { from: 'catalogue' } } as const;
  const inputs = drawn(settings, 'pool');

  expect(Object.keys(inputs)).toEqual(['pool.candidates']);
  expect(inputs['pool.candidates']).toHaveLength(5);
  expect(inputs['pool.candidates']).not.toEqual(drawn(settings)['softmax.candidates']);
});

test('a draw follows from the seed and the step', () => {
  const drawer = candidateDrawer(set, layout, 'pool', { candidates: 5 });

  expect(drawer(batch, place)).toEqual(drawer(batch, place));
  expect(drawer(batch, { ...place, step: 3 })).not.toEqual(drawer(batch, place));
  expect(drawer(batch, { ...place, seed: 6 })).not.toEqual(drawer(batch, place));
});

test.each([0, 1.5, -2])('%d candidates are refused', (candidates) => {
  expect(() => candidateDrawer(set, layout, 'pool', { candidates })).toThrow(
    /candidates must be a positive integer/,
  );
});

test.each<CandidateSettings['distribution'] & object>([
  { from: 'popularity', exponent: 8 },
  {
    from: 'mixed',
    parts: [
      { from: 'batch', share: 0.5 },
      { from: 'popularity', exponent: 8, share: 0.5 },
    ],
  },
])(
  'as many as there are items, or nearly, are drawn however uneven they are: %j',
  (distribution) => {
    // Proposals by these shares bring a rare item in one of 1.7 million.
    for (const candidates of [7, 8, 4096]) {
      const items = drawn({ candidates, distribution })['softmax.candidates']!;
      expect(new Set(items).size).toBe(Math.min(candidates, 8));
    }
  },
);

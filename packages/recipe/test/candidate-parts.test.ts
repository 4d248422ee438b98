import { popularityCandidates } from '@rodpo/samplers';
import { expect, test } from 'vitest';
import type { CandidateDistribution } from '../src/steps/candidate-settings.ts';
import { candidateParts } from '../src/training/candidate-parts.ts';

const counts = Int32Array.of(8, 4, 2, 1, 0);
const chosen = Int32Array.of(3, 1, 3);
const none = new Int32Array(0);

/** Of each part how many candidates it gives, and how likely it proposes each item. */
function partsOf(distribution: CandidateDistribution, count: number, own = chosen) {
  return candidateParts(distribution, counts)(count, own).map(({ source, count: given }) => ({
    given,
    probabilities: [...counts.keys()].map((item) => source.probability(item)),
  }));
}

/** (count + 1)^exponent, as shares. */
function popular(exponent: number): number[] {
  const weights = [9, 5, 3, 2, 1].map((weight) => weight ** exponent);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

const zipf = [1, 2, 3, 4, 5].map((rank) => Math.log((rank + 1) / rank) / Math.log(6));

test.each<[CandidateDistribution, number[]]>([
  [{ from: 'catalogue' }, [0.2, 0.2, 0.2, 0.2, 0.2]],
  [{ from: 'popularity' }, popular(0.75)],
  [{ from: 'popularity', exponent: 0.5 }, popular(0.5)],
  [{ from: 'popularity', exponent: 1 }, popular(1)],
  [{ from: 'log-uniform' }, zipf],
])('%j gives all candidates, with its probabilities', (distribution, expected) => {
  const [part, ...others] = partsOf(distribution, 4);

  expect(others).toEqual([]);
  expect(part!.given).toBe(4);
  for (const [item, probability] of part!.probabilities.entries()) {
    expect(probability).toBeCloseTo(expected[item]!, 12);
  }
});

test('of the batch come as many as it holds, and the rest by popularity', () => {
  const [own, others] = candidateParts({ from: 'batch' }, counts)(4, chosen);

  expect([own!.count, others!.count]).toEqual([2, 2]);
  expect([own!.source.size, own!.source.proposalsOfAll]).toEqual([2, 3]);
  expect([0, 0.4, 0.99].map((uniform) => own!.source.propose(() => uniform))).toEqual([3, 1, 3]);
  const expected = popularityCandidates(counts);
  for (const { source } of [own!, others!]) {
    for (const item of counts.keys()) {
      expect(source.probability(item)).toBe(expected.probability(item));
    }
  }
});

test('where nothing was chosen all come by popularity', () => {
  const [part, ...others] = partsOf({ from: 'batch' }, 4, none);

  expect(others).toEqual([]);
  expect(part!.given).toBe(4);
  const expected = popular(1);
  for (const [item, probability] of part!.probabilities.entries()) {
    expect(probability).toBeCloseTo(expected[item]!, 12);
  }
});

const thirds = (['catalogue', 'popularity', 'log-uniform'] as const).map((from) => ({
  from,
  share: 1 / 3,
}));

test.each([
  [3, [1, 1, 1]],
  [4, [1, 2, 1]],
  [5, [2, 1, 2]],
  // What is too small to give anything gives nothing.
  [1, [1]],
])('%d candidates of three equal shares are all given, none twice', (count, expected) => {
  const given = partsOf({ from: 'mixed', parts: thirds }, count).map((part) => part.given);

  expect(given).toEqual(expected);
});

test('a batch that holds less than its share is made up for by popularity', () => {
  const parts = [
    { from: 'batch', share: 0.75 },
    { from: 'catalogue', share: 0.25 },
  ] as const;
  const given = (own: typeof chosen) =>
    partsOf({ from: 'mixed', parts }, 4, own).map((part) => part.given);

  // Two of the batch instead of three; with nothing chosen the catalogue makes up for all.
  expect(given(chosen).reduce((sum, own) => sum + own, 0)).toBe(4);
  expect(given(chosen)[0]).toBe(2);
  expect(given(none).reduce((sum, own) => sum + own, 0)).toBe(4);
});

const mixed = (...shares: number[]): CandidateDistribution => ({
  from: 'mixed',
  parts: shares.map((share) => ({ from: 'catalogue', share })),
});

test.each([[[0.5, 0.4]], [[0.5, 0.6]], [[0, 1]], [[-0.5, 1.5]], [[1.5, -0.5]]])(
  'shares %j are refused',
  (shares) => {
    expect(() => candidateParts(mixed(...shares), counts)).toThrow(
      `must be positive and sum to 1, got ${shares.join(' + ')}`,
    );
  },
);

test('shares may miss 1 by rounding', () => {
  expect(() => candidateParts(mixed(0.1, 0.2, 0.7), counts)).not.toThrow();
});

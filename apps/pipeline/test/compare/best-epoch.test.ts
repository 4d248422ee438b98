import { expect, test } from 'vitest';
import { bestEpoch } from '../../src/compare/best-epoch.ts';
import { estimate } from '../../src/compare/estimate.ts';

const epochs = (...figures: number[]) =>
  figures.map((figure, index) => ({
    stage: 'pretrain',
    epoch: index + 1,
    'validation ndcg@10': figure,
  }));

test.each([
  [[0.1, 0.3, 0.2], 2],
  [[0.3, 0.2, 0.1], 1],
  [[0.1, 0.2, 0.3], 3],
  [[0.1, 0.3, 0.3], 2], // of equal ones the first
])('of the figures %j the best epoch is %d', (figures, best) => {
  expect(bestEpoch(epochs(...figures)).epoch).toBe(best);
});

test('several seeds have an error, one has none', () => {
  // Deviations from the mean 2 are −1, 0, 1: variance 2 / 2, and √(1 / 3) of three.
  expect(estimate([1, 2, 3])).toEqual({
    mean: 2,
    standardError: expect.closeTo(Math.sqrt(1 / 3), 12),
  });
  expect(estimate([7])).toEqual({ mean: 7, standardError: null });
});

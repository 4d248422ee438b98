import { expect, test } from 'vitest';
import { contributionOver, contributionsOf } from '../../src/compare/contributions.ts';

/** One user whose target has so many items of the history before it, and so many others. */
function ranks(history: number, others: number) {
  return {
    all: Float32Array.of(1 + history + others),
    masked: Float32Array.of(1 + others),
  };
}

const contributions = (...[before, after]: [[number, number], [number, number]]) => {
  const { history, others } = contributionsOf(ranks(...before), ranks(...after), 'mrr@5');
  return [history[0], others[0]];
};

test('a target that rises past its history only gains by the history only', () => {
  // Rank 4 to rank 2.
  expect(contributions([2, 1], [0, 1])).toEqual([1 / 2 - 1 / 4, 0]);
});

test('and one that rises past other items only gains by those only', () => {
  expect(contributions([2, 1], [2, 0])).toEqual([0, 1 / 3 - 1 / 4]);
});

test('where both change, each contributes the mean of its change before and after that of the other', () => {
  // Ranks 4 before, 2 with the history's change alone, 3 with the others' alone, 1 with both.
  const [history, others] = contributions([2, 1], [0, 0]);

  expect(history).toBeCloseTo((1 / 2 - 1 / 4 + (1 - 1 / 3)) / 2, 15);
  expect(others).toBeCloseTo((1 / 3 - 1 / 4 + (1 - 1 / 2)) / 2, 15);
  expect(history! + others!).toBeCloseTo(1 - 1 / 4, 15);
});

test('contributions of opposite signs cancel where the rank stays', () => {
  const [history, others] = contributions([3, 0], [0, 3]);

  expect(history).toBeGreaterThan(0);
  expect(others).toBeCloseTo(-history!, 15);
});

test('a contribution is a share of the figure before, with Student’s interval over users', () => {
  // Mean .02, three degrees of freedom: 3.182446 standard errors to each side (R: qt(.975, 3)).
  const found = contributionOver(Float64Array.of(0, 0.04, 0.04, 0), 0.05);

  expect(found.gain).toBeCloseTo(0.4, 12);
  const error = Math.sqrt((4 * 0.02 ** 2) / 3 / 4);
  expect(found.interval![0]).toBeCloseTo((0.02 - 3.182446305 * error) / 0.05, 7);
  expect(found.interval![1]).toBeCloseTo((0.02 + 3.182446305 * error) / 0.05, 7);
});

test('and of nothing it is no share', () => {
  expect(contributionOver(Float64Array.of(0, 0.04, 0.04, 0), 0)).toEqual({
    gain: null,
    interval: null,
  });
});

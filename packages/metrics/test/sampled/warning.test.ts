import { correctedMetric, estimatedRank } from '@rodpo/metrics';
import { expect, test, vi } from 'vitest';

const sampling = { sampleCount: 5, itemCount: 20 };
const reciprocal = (rank: number) => 1 / rank;
const message = expect.stringMatching(
  /^Sampled metrics mislead: .* Rank all items where you can\./,
);

test('a warn function is told every time, and the console nothing', () => {
  const console = vi.spyOn(globalThis.console, 'warn').mockImplementation(() => {});
  const warn = vi.fn();

  correctedMetric(reciprocal, { ...sampling, warn });
  estimatedRank(2, { ...sampling, warn });
  estimatedRank(3, { ...sampling, warn });

  expect(warn.mock.calls).toEqual([[message], [message], [message]]);
  expect(console).not.toHaveBeenCalled();
  console.mockRestore();
});

test('the console is told once per process', () => {
  const console = vi.spyOn(globalThis.console, 'warn').mockImplementation(() => {});

  estimatedRank(2, sampling);
  estimatedRank(3, sampling);
  correctedMetric(reciprocal, sampling);

  expect(console.mock.calls).toEqual([[message]]);
  console.mockRestore();
});

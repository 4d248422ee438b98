import { expect, test } from 'vitest';
import type { Comparison } from '../../src/compare/comparison.ts';
import { comparisonText } from '../../src/compare/report/comparison-text.ts';
import { fakeComparison } from './fake-comparison.ts';

/** One strategy beside its baseline, with figures that say which is which. */
function small(seeds: readonly number[], standardError: number | null): Comparison {
  const whole = fakeComparison({ seeds });
  const cells = whole.cells
    .filter(({ encoder, sweepPoolSize }) => encoder === 'dense' && sweepPoolSize === undefined)
    .slice(0, 2)
    .map((cell, index) => {
      const of = (mean: number) => ({ mean, standardError });
      const gain = { ...Object.values(whole.cells.at(-1)!.againstBaseline!)[0]!, gain: 0.125 };
      const masked = { ...gain, gain: -0.5 };
      return {
        ...cell,
        test: {
          'ndcg@5': of(0.1 + index / 80),
          'mrr@5': of(0.2),
          'masked ndcg@5': of(0.3),
          'masked mrr@5': of(0.4),
        },
        againstBaseline:
          index === 0
            ? null
            : {
                'ndcg@5': gain,
                'mrr@5': gain,
                'masked ndcg@5': masked,
                'masked mrr@5': masked,
              },
      };
    });
  return { ...whole, encoders: whole.encoders.slice(0, 1), cells } as Comparison;
}

test('means, errors and gains are shown with the history in the ranking and left out', () => {
  const lines = comparisonText(small([1, 2, 3], 0.0008)).split('\n');

  expect(lines[0]).toBe(
    'Encoder dense, means ± standard error over 3 seeds, the history in the ranking:',
  );
  const rows = (from: number) => lines.slice(from).map((line) => line.split(/ {2,}/));
  const [columns, , baseline, strategy] = rows(2);
  expect(columns).toEqual(['model', 'NDCG@5', 'gain', 'MRR@5', 'gain', 'false negatives']);
  expect(baseline!.slice(0, 5)).toEqual([
    'pretrained',
    '0.1000 ± 0.0008',
    '–',
    '0.2000 ± 0.0008',
    '–',
  ]);
  expect(strategy!.slice(1, 5)).toEqual([
    '0.1125 ± 0.0008',
    '+12.50 %',
    '0.2000 ± 0.0008',
    '+12.50 %',
  ]);
  expect(strategy![5]).toMatch(/^[\d.]+ %$/);
  expect(lines.at(-1)).toBe(
    'Rules that learn nothing reach NDCG@5: popularity 0.0123 (history left out 0.0323), Markov chain 0.0345 ' +
      '(history left out 0.0545).',
  );

  const second = lines.indexOf('The history left out of the ranking:');
  const [maskedColumns, , , masked] = rows(second + 2);
  expect(maskedColumns).toEqual(['model', 'NDCG@5', 'gain', 'MRR@5', 'gain']);
  expect(masked!.slice(1)).toEqual(['0.3000 ± 0.0008', '−50.00 %', '0.4000 ± 0.0008', '−50.00 %']);
});

test('one seed has no error', () => {
  const text = comparisonText(small([4], null));

  expect(text).toMatch(/^Encoder dense, one seed, /);
  expect(text).not.toContain('±');
});

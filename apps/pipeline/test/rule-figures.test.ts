import { expect, test } from 'vitest';
import { parseConfig } from '../src/config/config.ts';
import { ruleFigures } from '../src/ranking/rule-figures.ts';
import { dataOf } from './check/data-of.ts';

const config = parseConfig({ evaluate: { cutoffs: [2] } }, 'the test');

/** What a rank from 1 is worth by NDCG at a cutoff that it does not pass. */
const gain = (rank: number) => 1 / Math.log2(rank + 1);

test('rules learn from the training part, and rank the test part both ways at every cutoff', () => {
  // Learned from: 0 1 2 and 2 1 0. Ranked: 1 after 0 1 2 0, and 3, which nobody had, after 2 1 0 2.
  const [popularity, chain] = ruleFigures(
    dataOf([
      [0, 1, 2, 0, 1],
      [2, 1, 0, 2, 3],
    ]),
    config,
  );

  // Three items tie, and 3 comes behind them; what is not of the history stands first.
  expect(popularity).toMatchObject({ name: 'popularity' });
  expect(popularity!.test['ndcg@5']).toBeCloseTo((gain(3) + gain(4)) / 2, 12);
  expect(popularity!.test['ndcg@2']).toBe(0);
  expect(popularity!.test['masked ndcg@5']).toBe(1);
  expect(chain).toMatchObject({ name: 'Markov chain' });
  expect(chain!.test['ndcg@5']).toBeCloseTo((gain(1) + gain(4)) / 2, 12);
  expect(chain!.test['masked ndcg@10']).toBe(1);
});

test('where nobody has a test item there is nothing to beat', () => {
  expect(ruleFigures(dataOf([[0, 1], [1]]), config)).toEqual([]);
});

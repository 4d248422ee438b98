import { isActionable } from '@rodpo/errors';
import {
  comparePaired,
  ndcgAt,
  nestedBootstrap,
  pairedBootstrap,
  pairedTTest,
  rankBiserial,
  rankOfTarget,
  ranksOf,
  shannonEntropy,
  wilcoxonSignedRank,
} from '@rodpo/metrics';
import { expect, test } from 'vitest';

const [a, b] = [
  [1, 2, 3, 1],
  [1, 1, 1, 2],
];
const random = () => 0.5;
/** As a configuration or JavaScript may have it. Some are what SciPy calls the same thing. */
const misspelt = (word: string) => word as never;

test.each<[option: string, word: string, use: (word: never) => unknown]>([
  ['gain', 'exp', (gain) => ndcgAt([1, 2], 5, { gains: [2, 1], gain })],
  ['ties', 'avg', (ties) => rankOfTarget([1, 2, 2], 1, { ties })],
  ['ties', 'avg', (ties) => ranksOf([1, 2, 2], [1], { ties })],
  ['normalisation', 'max', (normalisation) => shannonEntropy([1, 2], { normalisation })],
  ['alternative', 'larger', (alternative) => pairedTTest(a!, b!, { alternative })],
  ['alternative', 'larger', (alternative) => wilcoxonSignedRank(a!, b!, { alternative })],
  ['zeros', 'zsplit', (zeros) => wilcoxonSignedRank(a!, b!, { zeros })],
  ['zeros', 'wilcox', (zeros) => rankBiserial(a!, b!, { zeros })],
  ['method', 'approx', (method) => wilcoxonSignedRank(a!, b!, { method })],
  ['method', 'BCa', (method) => pairedBootstrap(a!, b!, { random, method })],
  ['interval', 'BCa', (interval) => comparePaired(a!, b!, { random, interval })],
  ['users', 'share', (users) => nestedBootstrap([a!, b!], { random, resamples: 2, users })],
])('%s: %j does not pass for another word', (option, word, use) => {
  const place = () => use(misspelt(word));

  expect(place).toThrow(`${option} must be one of "`);
  expect(place).toThrow(`got "${word}"`);
  expect(place).toThrow(expect.toSatisfy(isActionable));
});

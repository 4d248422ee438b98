import { seededRandom } from '@rodpo/random';
import {
  batchCandidates,
  type CandidateSource,
  drawCandidates,
  logUniformCandidates,
  popularityCandidates,
  uniformCandidates,
} from '@rodpo/samplers';
import { describe, expect, test } from 'vitest';

const counts = [40, 20, 0, 10, 5, 5, 3, 1, 1, 7];
const itemCount = counts.length;

const shares = (weights: readonly number[]) => {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
};

/** Counts by index; the distributions written out, apart from the code. */
const sources: [string, CandidateSource, readonly number[]][] = [
  ['uniform', uniformCandidates(itemCount), shares(counts.map(() => 1))],
  ['popularity', popularityCandidates(counts), shares(counts.map((count) => count + 1))],
  [
    'popularity^0.5, no smoothing',
    popularityCandidates(counts, { exponent: 0.5, smoothing: 0 }),
    shares(counts.map(Math.sqrt)),
  ],
  [
    'log-uniform',
    logUniformCandidates(counts),
    // Ranks by falling count: 0 1 3 9 4 5 6 7 8 2.
    [0, 1, 9, 2, 4, 5, 6, 7, 8, 3].map((rank) => Math.log((rank + 2) / (rank + 1)) / Math.log(11)),
  ],
];

describe.each(sources)('%s', (_, source, expected) => {
  test('has the probabilities of its formula', () => {
    const own = counts.map((__, item) => source.probability(item));
    for (const [item, probability] of own.entries()) {
      expect(probability).toBeCloseTo(expected[item]!, 12);
    }
    expect(source.size).toBe(expected.filter((probability) => probability > 0).length);
  });

  test('proposes as often as it says', () => {
    const random = seededRandom(5);
    const seen = new Array<number>(itemCount).fill(0);
    const tries = 40_000;
    for (let index = 0; index < tries; index++) seen[source.propose(random)]!++;
    for (const [item, probability] of expected.entries()) {
      const deviation = Math.sqrt((probability * (1 - probability)) / tries);
      expect(Math.abs(seen[item]! / tries - probability)).toBeLessThanOrEqual(4.5 * deviation);
    }
  });
});

test('items of the batch are proposed as they stand in it, their probability is that of the data', () => {
  const source = batchCandidates(Int32Array.of(3, 3, 3, 0), popularityCandidates(counts));
  const random = seededRandom(1);
  let threes = 0;
  for (let index = 0; index < 4000; index++) if (source.propose(random) === 3) threes++;

  expect(threes / 4000).toBeCloseTo(0.75, 1);
  expect(source.probability(3)).toBeCloseTo(11 / 102, 12);
  expect(source.size).toBe(2);
});

test('candidates are distinct, as many as asked for, and follow from the seed', () => {
  const draw = (seed: number) =>
    drawCandidates([{ source: popularityCandidates(counts), count: 6 }], seededRandom(seed)).items;

  expect(new Set(draw(1)).size).toBe(6);
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
});

test('a single candidate has the probability of a proposal', () => {
  const source = popularityCandidates(counts);
  const { logInclusion } = drawCandidates([{ source, count: 1 }], seededRandom(3));

  for (const item of counts.keys()) {
    expect(Math.exp(logInclusion(item))).toBeCloseTo(source.probability(item), 12);
  }
});

test('all items of a fixed source are candidates for sure', () => {
  const parts = [{ source: uniformCandidates(itemCount), count: 50 }];
  const { items, logInclusion } = drawCandidates(parts, seededRandom(3));

  expect([...items].sort((a, b) => a - b)).toEqual([...counts.keys()]);
  expect(logInclusion(4)).toBeCloseTo(0, 12);
});

test('a whole batch is as many proposals as it has examples', () => {
  const chosen = Int32Array.of(3, 3, 3, 0);
  const source = batchCandidates(chosen, popularityCandidates(counts));
  const { items, logInclusion } = drawCandidates([{ source, count: 9 }], seededRandom(3));

  expect([...items].sort()).toEqual([0, 3]);
  expect(Math.exp(logInclusion(3))).toBeCloseTo(1 - (1 - 11 / 102) ** 4, 12);
  expect(Math.exp(logInclusion(2))).toBeCloseTo(1 - (1 - 1 / 102) ** 4, 12);
});

test('items are candidates as often as logInclusion says, over several parts', () => {
  const parts = [
    { source: uniformCandidates(itemCount), count: 2 },
    { source: popularityCandidates(counts), count: 2 },
  ];
  const random = seededRandom(8);
  const draws = 10_000;
  const seen = new Array<number>(itemCount).fill(0);
  const said = new Array<number>(itemCount).fill(0);
  for (let index = 0; index < draws; index++) {
    const { items, logInclusion } = drawCandidates(parts, random);
    for (const item of items) seen[item]!++;
    for (const item of counts.keys()) said[item]! += Math.exp(logInclusion(item));
  }
  for (const item of counts.keys()) {
    // Given how many tries there were, the formula takes them for independent of what they found: it
    // is right on average to some percent, here and in TensorFlow.
    expect(Math.abs(said[item]! / seen[item]! - 1)).toBeLessThan(0.1);
  }
});

test('more candidates than an uneven source will give in reasonable time are refused', () => {
  const uneven = popularityCandidates([1e12, 1, 1], { smoothing: 0 });
  const draw = () => drawCandidates([{ source: uneven, count: 3 }], seededRandom(1));

  expect(draw).toThrow(/3 different candidates.*there were 1.*exponent/);
});

test.each([0, 1.5, -1])('a count of %s is refused', (count) => {
  const draw = () => drawCandidates([{ source: uniformCandidates(5), count }], seededRandom(1));

  expect(draw).toThrow(RangeError);
});

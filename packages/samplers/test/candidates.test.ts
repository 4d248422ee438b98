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

test.each<[string, CandidateSource, number[]]>([
  ['uniform', uniformCandidates(3), [1, 1, 1]],
  ['popularity', popularityCandidates([0, 5, 2], { smoothing: 0 }), [0, 5, 2]],
  ['log-uniform', logUniformCandidates([1, 9, 1]), [3, 2, 4].map((at) => Math.log(at / (at - 1)))],
  ['the batch', batchCandidates(Int32Array.of(2, 0, 2), uniformCandidates(3)), [1, 0, 2]],
])('%s: tells all that it proposes, and in which proportions', (_, source, expected) => {
  const { items, weights } = source.support();
  const told = new Map(Array.from(items, (item, index) => [item, weights[index]! / weights[0]!]));
  const first = expected[items[0]!]!;

  expect(items).toHaveLength(source.size);
  for (const [item, weight] of expected.entries()) {
    expect(told.get(item) ?? 0).toBeCloseTo(weight / first, 12);
  }
});

test('all that a source has is given, however uneven it is', () => {
  const uneven = popularityCandidates([1e12, 0, 1, 1], { smoothing: 0 });
  const all = { source: uneven, count: 3 };
  const { items, logInclusion } = drawCandidates([all], seededRandom(1));

  expect([...items].sort()).toEqual([0, 2, 3]);
  expect([0, 2, 3].map(logInclusion)).toEqual([0, 0, 0]);
  // What other parts have drawn is not asked for again: here, too, nothing is left.
  const other = { source: uniformCandidates(3), count: 3 };
  expect(drawCandidates([other, { ...all, count: 1 }], seededRandom(1)).items).toHaveLength(4);
});

/** As a draw says how many proposals it was, of the chance to be among so many of an item of the given share. */
const triesOf = (logInclusion: number, share: number) =>
  Math.log1p(-Math.exp(logInclusion)) / Math.log1p(-share);

test('nearly all of an uneven source comes as often, and after as many proposals, as by proposals', () => {
  // 0 is nearly always proposed first; then 1 comes before 2 three times in four.
  const weights = [4000, 3, 1];
  const source = popularityCandidates(weights, { smoothing: 0 });
  const random = seededRandom(4);
  const draws = 4000;
  const seen = new Map<string, number>();
  const tries: number[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const { items, logInclusion } = drawCandidates([{ source, count: 2 }], random);
    const pair = items.join();
    seen.set(pair, (seen.get(pair) ?? 0) + 1);
    if (items[0] === 0) tries.push(triesOf(logInclusion(2), 1 / 4004));
  }

  const share = seen.get('0,1')! / tries.length;
  expect(Math.abs(share - 3 / 4)).toBeLessThan(4 * Math.sqrt(3 / 16 / tries.length));
  expect(seen.get('0,1')! + seen.get('0,2')!).toBe(tries.length);
  expect(tries.length / draws).toBeGreaterThan(0.995);
  // After the first: geometric, of chance 4 / 4004, whose mean is 1001 and whose deviation hardly less.
  const mean = tries.reduce((sum, each) => sum + each - 1, 0) / tries.length;
  expect(Math.abs(mean - 1001)).toBeLessThan((4 * 1001) / Math.sqrt(tries.length));
  for (const most of [12, 300, 1001, 3000]) {
    const expected = (1 - 4 / 4004) ** most;
    const found = tries.filter((each) => each - 1 > most + 1e-6).length / tries.length;
    const deviation = Math.sqrt((expected * (1 - expected)) / tries.length);
    expect(Math.abs(found - expected)).toBeLessThan(4 * deviation);
  }
});

test('what no proposal would bring in reasonable time is drawn all the same', () => {
  const source = popularityCandidates([1e12, 4, 4, 4], { smoothing: 0 });
  const { items, logInclusion } = drawCandidates([{ source, count: 3 }], seededRandom(1));

  expect(new Set(items).size).toBe(3);
  expect(logInclusion(0)).toBe(0);
  const [tries, rounds] = [triesOf(logInclusion(1), 4e-12), 1e12 / 12 + 1e12 / 8];
  expect(tries).toBeGreaterThan(rounds / 20);
  expect(tries).toBeLessThan(rounds * 10);
});

test.each([0, 1.5, -1])('a count of %s is refused', (count) => {
  const draw = () => drawCandidates([{ source: uniformCandidates(5), count }], seededRandom(1));

  expect(draw).toThrow(RangeError);
});

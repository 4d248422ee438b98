import { seededRandom } from '@rodpo/random';
import { complements, simulateStorefront } from '@rodpo/simulator';
import { expect, test } from 'vitest';
import { leaveOneOut } from './leave-one-out.ts';
import { clickCounts, gini, likedBy, mean } from './measures.ts';

const storefront = simulateStorefront({}, seededRandom(1));
const { products, sequences, times, likes, shown, affinity } = storefront;
const itemCount = products.length;
const likedItems = sequences.map((_, user) => likedBy(storefront, user));
const likedShare = mean(likedItems.map(({ length }) => length)) / itemCount;

test('users make about ten clicks, a few make many', () => {
  const lengths = sequences.map((sequence) => sequence.length).sort((a, b) => a - b);

  expect(lengths.length).toBe(2000);
  expect(mean(lengths)).toBeGreaterThan(9);
  expect(mean(lengths)).toBeLessThan(14);
  expect(lengths[1000]).toBe(9);
  expect([lengths[0], lengths.at(-1)]).toEqual([5, 50]);
});

test('a user likes 3 to 8 % of the catalogue', () => {
  for (const items of likedItems) {
    expect(items.length).toBeGreaterThanOrEqual(30);
    expect(items.length).toBeLessThanOrEqual(80);
  }
});

test('most of what a user likes is never shown, and less is clicked', () => {
  const shownShare = mean(
    likedItems.map((items, user) => mean(items.map((item) => +shown[user]!.includes(item)))),
  );
  const clickedShare = mean(
    likedItems.map((items, user) => mean(items.map((item) => +sequences[user]!.includes(item)))),
  );

  expect(shownShare).toBeLessThan(0.3);
  expect(clickedShare).toBeGreaterThan(0.05);
  expect(clickedShare).toBeLessThan(0.2);
});

test('clicks go mostly by taste: they fall on liked items eight times as often as chance would', () => {
  const likedClicks = mean(
    sequences.flatMap((sequence, user) => [...sequence].map((item) => +likes(user, item))),
  );

  expect(likedClicks).toBeGreaterThan(0.4);
  expect(likedClicks / likedShare).toBeGreaterThan(8);
});

test('click popularity is long-tailed, and a 5-core would keep 95 % of the items', () => {
  const counts = clickCounts(storefront);

  expect(gini(counts)).toBeGreaterThan(0.35);
  expect(gini(counts)).toBeLessThan(0.75);
  expect(mean([...counts].map((count) => +(count >= 5)))).toBeGreaterThan(0.95);
});

test('a uniform negative is false as often as an unclicked item is liked', () => {
  const random = seededRandom(2);
  const unclickedLiked: number[] = [];
  const falseNegatives: number[] = [];
  for (const [user, sequence] of sequences.entries()) {
    const clicked = new Set(sequence);
    const unclicked = [...products.keys()].filter((item) => !clicked.has(item));
    const isLiked = (item: number) => +likes(user, item);
    unclickedLiked.push(mean(unclicked.map(isLiked)));
    for (let draw = 0; draw < 20; draw++) {
      falseNegatives.push(isLiked(unclicked[Math.floor(random() * unclicked.length)]!));
    }
  }

  // 40 000 draws at a rate of 4.5 %: σ is 0.1 points.
  expect(Math.abs(mean(falseNegatives) - mean(unclickedLiked))).toBeLessThan(0.004);
  expect(mean(unclickedLiked)).toBeGreaterThan(0.03);
  expect(mean(unclickedLiked)).toBeLessThan(likedShare); // clicks take liked items away
});

test('negatives near the top of the true affinity are nearly always false', () => {
  const hardest = sequences.slice(0, 300).map((sequence, user) => {
    const logits = affinity(user);
    const clicked = new Set(sequence);
    const unclicked = [...products.keys()].filter((item) => !clicked.has(item));
    const top = unclicked.sort((a, b) => logits[b]! - logits[a]!).slice(0, 20);
    return mean(top.map((item) => +likes(user, item)));
  });

  expect(mean(hardest)).toBeGreaterThan(0.95);
});

test('order can be learned: Markov beats its reverse, popularity, and chance', () => {
  const { hitRate, markov, backwardMarkov, popularity } = leaveOneOut(storefront);
  const cutoff = 10;
  const chance = cutoff / itemCount;

  const popularityHits = hitRate(popularity, cutoff);
  const markovHits = hitRate(markov, cutoff);
  expect(popularityHits).toBeGreaterThan(2 * chance);
  expect(markovHits).toBeGreaterThan(1.4 * popularityHits);
  expect(markovHits).toBeGreaterThan(1.2 * hitRate(backwardMarkov, cutoff));
});

test('clicks follow the complement graph forwards more than backwards', () => {
  const categoryOf = (item: number) => products[item]!.attributes.category;
  const steps = sequences.flatMap((sequence) =>
    [...sequence.slice(1)].map(
      (to, index) => [categoryOf(sequence[index]!), categoryOf(to)] as const,
    ),
  );
  const forwards = mean(steps.map(([from, to]) => +complements[from].includes(to)));
  const backwards = mean(steps.map(([from, to]) => +complements[to].includes(from)));

  expect(forwards).toBeGreaterThan(1.5 * backwards);
});

test('an interest lasts: clicks two apart share a category more often than clicks six apart', () => {
  const sameCategory = (lag: number) =>
    mean(
      sequences.flatMap((sequence) =>
        [...sequence.slice(lag)].map((item, index) => {
          const earlier = products[sequence[index]!]!.attributes.category;
          return +(products[item]!.attributes.category === earlier);
        }),
      ),
    );

  // Measured 0.08 apart; without stickiness the difference is 0.
  expect(sameCategory(2)).toBeGreaterThan(sameCategory(6) + 0.04);
});

/** Seconds from each click to the next of the same user. */
const gapsOf = (all: readonly Float64Array[]): number[] =>
  all.flatMap((own) => Array.from(own.subarray(1), (time, click) => time - own[click]!));
const day = 86_400;

test('clicks of a visit are seconds apart: 1 + an exponential time of mean 40, rounded down', () => {
  // An absence is as short as ten minutes once in 432 times.
  const within = gapsOf(times).filter((gap) => gap < 600);
  const shareUpTo = (seconds: number) =>
    within.filter((gap) => gap <= seconds).length / within.length;

  expect(within.length).toBeGreaterThan(3000);
  for (const seconds of [1, 10, 28, 60, 120]) {
    expect(Math.abs(shareUpTo(seconds) - (1 - Math.exp(-seconds / 40)))).toBeLessThan(0.03);
  }
});

test('visits are 3 days apart on average, exponentially, after arrivals spread over 180 days', () => {
  // All is liked, so that nearly every visit has a click, and one click ends it.
  const options = { itemCount: 60, likedShare: 1, maxClicksPerVisit: 1 };
  const { times: visits } = simulateStorefront(options, seededRandom(2));
  const gaps = gapsOf(visits).map((gap) => gap / day);
  const arrivals = visits.map((own) => own[0]! / day);
  const average = mean(gaps);

  expect(Math.abs(average - 3)).toBeLessThan(0.1);
  expect(Math.sqrt(mean(gaps.map((gap) => (gap - average) ** 2))) / average).toBeCloseTo(1, 1);
  expect(Math.abs(mean(arrivals) - 90)).toBeLessThan(4);
  expect(Math.min(...arrivals)).toBeLessThan(2);
  expect(Math.max(...arrivals)).toBeGreaterThan(178);
});

test('most gaps are absences: moods can have passed', () => {
  const gaps = gapsOf(times);

  expect(gaps.filter((gap) => gap >= 600).length / gaps.length).toBeGreaterThan(0.5);
});

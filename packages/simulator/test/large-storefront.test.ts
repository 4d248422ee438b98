import { seededRandom } from '@rodpo/random';
import { simulateStorefront } from '@rodpo/simulator';
import { expect, test } from 'vitest';
import { mean } from './measures.ts';

/** More items than a user's threshold is drawn from: 1024 are looked at. */
const itemCount = 20_000;
const judged = 1024;
const likedShare = 0.05;
const userCount = 300;

const storefront = simulateStorefront({ userCount, itemCount, likedShare }, seededRandom(1));

/**
 * A user wants a share s of what is liked, uniform between 0.6 and 1.4 times `likedShare`, and takes
 * for threshold the k-th highest of 1024 affinities, k = 1024 s. Of a continuous distribution such a
 * one leaves a share ~ Beta(k, 1025 - k) above it: mean k / 1025, variance near s (1 - s) / 1026.
 */
const expectedShare = (likedShare * judged) / (judged + 1);
const wanted = (0.8 * likedShare) ** 2 / 12;
const estimated = (likedShare - likedShare ** 2 - wanted) / (judged + 2);
const spread = Math.sqrt(wanted + estimated);

test('in a large catalogue, users like the share that was asked for, as order statistics have it', () => {
  const shares = storefront.userIds.map((_, user) => {
    const logits = storefront.affinity(user);
    return logits.filter((logit) => logit >= 0).length / itemCount;
  });
  const average = mean(shares);
  const deviation = Math.sqrt(mean(shares.map((share) => (share - average) ** 2)));

  // Four standard errors each: a normal sample's deviation has one of 1 / √(2 n).
  expect(Math.abs(average - expectedShare)).toBeLessThan((4 * spread) / Math.sqrt(userCount));
  expect(Math.abs(deviation / spread - 1)).toBeLessThan(4 / Math.sqrt(2 * userCount));
});

test('a uniform draw is liked as often as items are', () => {
  const random = seededRandom(2);
  const draws = 60_000;
  let liked = 0;
  for (let draw = 0; draw < draws; draw++) {
    const item = Math.floor(random() * itemCount);
    if (storefront.likes(draw % userCount, item)) liked++;
  }
  const ofDraws = (expectedShare * (1 - expectedShare)) / draws;
  const ofUsers = spread ** 2 / userCount;

  expect(Math.abs(liked / draws - expectedShare)).toBeLessThan(4 * Math.sqrt(ofDraws + ofUsers));
});

test('best sellers are shown by Zipf’s law, long tail and all', () => {
  // One visit with one place, filled from the list of best sellers: what a user sees first is a draw.
  const clicks = { minClicks: 1, medianClicks: 1, maxClicks: 1 };
  const visits = { slateSize: 1, maxVisits: 1 };
  const exposure = { popular: 1, browsing: 0, complements: 0, random: 0 };
  const [sold, draws] = [2000, 3000];
  const { shown } = simulateStorefront(
    { userCount: draws, itemCount: sold, popularitySkew: 1, exposure, ...clicks, ...visits },
    seededRandom(3),
  );
  const counts = new Map<number, number>();
  for (const [item] of shown) counts.set(item!, (counts.get(item!) ?? 0) + 1);

  const weights = Array.from({ length: sold }, (_, rank) => 1 / (rank + 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const unseen = weights.map((weight) => (1 - weight / total) ** draws);
  const distinct = unseen.reduce((sum, missed) => sum + 1 - missed, 0);
  // Counts of different items are negatively associated, so that variances add up to more than is.
  const deviation = Math.sqrt(unseen.reduce((sum, missed) => sum + missed * (1 - missed), 0));
  const first = 1 / total;

  expect(Math.abs(counts.size - distinct)).toBeLessThan(4 * deviation);
  expect(Math.abs(Math.max(...counts.values()) / draws - first)).toBeLessThan(
    4 * Math.sqrt((first * (1 - first)) / draws),
  );
});

test('what is kept of tastes grows with users and items, not with their product', () => {
  const { vectors, points, ...columns } = storefront.tastes;
  const { dimension } = storefront.tastes;

  expect(vectors.length).toBe(itemCount * dimension);
  expect(points.length).toBeLessThanOrEqual(4 * userCount * dimension);
  for (const column of Object.values(columns)) {
    if (typeof column !== 'number') expect([userCount, itemCount]).toContain(column.length);
  }
});

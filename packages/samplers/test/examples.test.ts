import { seededRandom } from '@rodpo/random';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { fitImplicit, implicitRatings } from '../examples/recommendtf-negatives.ts';

afterEach(() => vi.restoreAllMocks());

describe('recommendtf with drawn negatives', () => {
  /** Two halves of users, each of which chooses from its own half of 12 items but one item. */
  const held = (user: number) => (user % 2) * 6 + (Math.floor(user / 2) % 6);
  const users = [...Array(24).keys()];
  const histories = users.map((user) =>
    [...Array(6).keys()].map((item) => (user % 2) * 6 + item).filter((item) => item !== held(user)),
  );
  const choices = { histories, itemCount: 12 };

  test('rates what a user chose 1, and others 0', () => {
    const ratings = implicitRatings(choices, { count: 2, random: seededRandom(1) });

    expect(ratings).toHaveLength(24 * 5 * 3);
    for (const { user, entity, rating } of ratings) {
      expect(rating).toBe(histories[Number(user)]!.includes(Number(entity)) ? 1 : 0);
    }
  });

  test('ranks an item kept from training better than chance does', async () => {
    vi.spyOn(Math, 'random').mockImplementation(seededRandom(11)); // the model starts from it
    const negatives = { count: 2, random: seededRandom(1) };
    const recommender = await fitImplicit(choices, negatives, { embeddingSize: 2, epoch: 10 });
    const ranks: number[] = [];
    for (const user of users) {
      const ranked = await recommender.getEntities(user, 12);
      const unseen = ranked.filter((item) => !histories[user]!.includes(Number(item)));
      ranks.push(unseen.indexOf(held(user)));
    }

    // Among 7 unseen items chance gives 3 on average, with σ = 2 / √24 = 0.41; 3 of those below.
    expect(ranks.reduce((sum, rank) => sum + rank) / ranks.length).toBeLessThan(1.77);
  });
});

import { seededRandom } from '@rodpo/random';
import { expectAllClose } from '@rodpo/testing';
import { expect, test } from 'vitest';
import { nativeSessions } from '../src/reading/native-sessions.ts';
import { openScan } from '../src/scan/exact-scan.ts';
import { ranked, smallBundle, width } from './small-bundle.ts';

const all = () => true;

// Blocks of 16: none is full, one is, the last one overlaps its neighbour, or none does.
test.each([
  [5, 5],
  [16, 16],
  [50, 16],
  [64, 16],
])(
  'of %d items in blocks of %d the best are those of a loop and a full sort',
  async (items, block) => {
    const bundle = await smallBundle(items, {}, block);
    const scan = await openScan(bundle, nativeSessions({ threads: 1 }));
    const random = seededRandom(3);
    const userCount = 70; // more than are scored together
    const users = Float32Array.from(
      { length: userCount * width },
      () => Math.floor(random() * 7) - 3,
    );
    const requests = Array.from({ length: userCount }, (_, user) => ({
      count: 1 + user,
      isWanted: user % 2 ? (item: number) => item % 3 === user % 3 : all,
    }));
    const lists = await scan.best(users, requests);
    await scan.dispose();

    for (const [user, { count, isWanted }] of requests.entries()) {
      const own = users.subarray(user * width, (user + 1) * width);
      const expected = ranked(bundle, own).filter(({ item }) => isWanted(item));
      expect(lists[user]).toEqual(expected.slice(0, count));
    }
  },
);

test('scores are scaled before they are compared', async () => {
  const bundle = await smallBundle();
  const scan = await openScan(bundle, nativeSessions({ threads: 1 }));
  const scaleOf = (item: number) => 1 / (1 + item);
  const user = Float32Array.of(1, 2, -1, 0.5);
  const [list] = await scan.best(user, [{ count: 7, isWanted: all, scaleOf }]);
  await scan.dispose();

  const expected = ranked(bundle, user)
    .map(({ item, score }) => ({ item, score: score * scaleOf(item) }))
    .sort((a, b) => b.score - a.score || a.item - b.item);
  expect(list!.map(({ item }) => item)).toEqual(expected.slice(0, 7).map(({ item }) => item));
  expectAllClose(
    list!.map(({ score }) => score),
    expected.slice(0, 7).map(({ score }) => score),
  );
});

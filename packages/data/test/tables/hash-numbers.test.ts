import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HashNumbers } from '../../src/tables/hash-numbers.ts';

type Hash = readonly [low: number, high: number, check: number];

const int32 = { min: -(2 ** 31), max: 2 ** 31 - 1 };
const part = fc.oneof(fc.integer({ min: -1, max: 2 }), fc.integer(int32));

/** All at once; the other half of a check says nothing. */
function numbered(numbers: HashNumbers, hashes: readonly Hash[], places = [...hashes.keys()]) {
  const columns = {
    hashes: Int32Array.from(hashes.flatMap((hash) => hash.slice(0, 2))),
    checks: Int32Array.from(hashes.flatMap(([, , check], index) => [check, index])),
    places: Int32Array.from(places),
  };
  const news: number[] = [];
  const found = numbers.numbersOf(columns, (place) => news.push(place));
  return { found: [...found], news };
}

test('hashes are numbered as they come, however many parts they share', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(part, part, part), { maxLength: 200 }), (hashes) => {
      const numbers = new HashNumbers();
      const expected = new Map<string, number>();
      for (const hash of hashes) {
        if (!expected.has(hash.join())) expected.set(hash.join(), expected.size);
      }

      const { found, news } = numbered(numbers, hashes);

      expect(found).toEqual(hashes.map((hash) => expected.get(hash.join())));
      expect(news.map((place) => hashes[place]!.join())).toEqual([...expected.keys()]);
      expect(numbered(numbers, hashes)).toEqual({ found, news: [] });
      expect(numbers.count).toBe(expected.size);
    }),
  );
});

test('places that are left out number nothing', () => {
  const hashes: Hash[] = [
    [1, 1, 1],
    [2, 2, 2],
    [3, 3, 3],
  ];

  expect(numbered(new HashNumbers(), hashes, [2, 0])).toEqual({ found: [0, 1], news: [2, 0] });
});

test('numbers stay as the table grows', () => {
  const numbers = new HashNumbers();
  const all = Array.from({ length: 5000 }, (_, index) => index);
  const hashes = all.map((index): Hash => [Math.imul(index, 2654435761), index, 7]);

  expect(numbered(numbers, hashes).found).toEqual(all);
  expect(numbered(numbers, hashes).found).toEqual(all);
  expect(numbers.count).toBe(5000);
});

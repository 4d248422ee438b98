import { seededRandom } from '@rodpo/random';
import {
  excludeNothing,
  inBatch,
  mixture,
  type NegativeSampler,
  popularity,
  uniform,
} from '@rodpo/samplers';
import { expectAllClose } from '@rodpo/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  anyBatch,
  type ContractBatch,
  everyItem,
  excludedItems,
  fixedBatch,
  listsOf,
} from './any-batch.ts';
import { chiSquareExcess } from './chi-square.ts';
import { describeNegativeSampler } from './negative-sampler-contract.ts';

const rising = (itemCount: number) => Array.from({ length: itemCount }, (_, item) => item + 1);

describeNegativeSampler('mixture', (itemCount) =>
  mixture(
    [
      { sampler: uniform({ itemCount }), weight: 3 },
      { sampler: popularity({ counts: rising(itemCount), exponent: 2 }), weight: 1 },
    ],
    { itemCount },
  ),
);

describeNegativeSampler('mixture of few in-batch candidates and all', (itemCount) =>
  mixture(
    [
      { sampler: inBatch(), weight: 1 },
      { sampler: uniform({ itemCount }), weight: 1 },
    ],
    { itemCount },
  ),
);

/** Even items, and odd ones. */
const halves = (itemCount: number) =>
  [0, 1].map((parity) => {
    const counts = rising(itemCount).map((count, item) => (item % 2 === parity ? count : 0));
    return { sampler: popularity({ counts }), weight: 1 + parity };
  });

describeNegativeSampler(
  'mixture of samplers that share no item',
  // A catalogue of one item has no odd ones, which popularity would refuse.
  (itemCount) =>
    mixture(itemCount > 1 ? halves(itemCount) : [{ sampler: uniform({ itemCount }), weight: 1 }], {
      itemCount,
    }),
);

test('weighs the probabilities of its samplers', () => {
  const sampler = mixture(
    [
      { sampler: uniform({ itemCount: 4 }), weight: 3 },
      { sampler: popularity({ counts: [1, 0, 0, 4], exponent: 0.5 }), weight: 1 },
    ],
    { itemCount: 4 },
  );
  const batch = { rowCount: 1, excluded: excludeNothing(1) };

  // ¾ · ¼ each, and of the last quarter a third and two thirds: √1 to √4.
  expectAllClose(sampler.logProbabilities(batch, Int32Array.of(0, 1, 2, 3), 4).map(Math.exp), [
    3 / 16 + 1 / 12,
    3 / 16,
    3 / 16,
    3 / 16 + 2 / 12,
  ]);
});

test('gives the weight of a sampler without candidates to the others, row by row', () => {
  const sampler = mixture(
    [
      { sampler: popularity({ counts: [0, 0, 1] }), weight: 0.5 },
      { sampler: uniform({ itemCount: 3 }), weight: 0.5 },
    ],
    { itemCount: 3 },
  );
  const batch = { rowCount: 2, excluded: listsOf([[], [2]]) };
  const all = sampler.logProbabilities(batch, Int32Array.of(0, 1, 2, 0, 1, 2), 3);
  const alone = sampler.logProbabilities(batch, Int32Array.of(0, 0), 1);

  expectAllClose(all.map(Math.exp), [1 / 6, 1 / 6, 4 / 6, 1 / 2, 1 / 2, 0]);
  expect([...alone]).toEqual([all[0], all[3]]); // though item 0 says nothing of popularity
});

test('is its only sampler, when it has one', () => {
  fc.assert(
    fc.property(anyBatch, (batch) => {
      const only = popularity({ counts: rising(batch.itemCount) });
      const mixed = mixture([{ sampler: only, weight: 7 }], { itemCount: batch.itemCount });
      const of = (sampler: NegativeSampler) =>
        sampler.logProbabilities(batch, everyItem(batch), batch.itemCount);

      expectAllClose(of(mixed), of(only));
    }),
  );
});

test('draws pairs by its probabilities when a sampler has too few candidates for the row', () => {
  const batch = fixedBatch({ roomy: true });
  const sampler = mixture(
    [
      { sampler: popularity({ counts: [0, 0, 0, 0, 5, 0] }), weight: 1 }, // one item only
      { sampler: uniform({ itemCount: 6 }), weight: 1 },
    ],
    { itemCount: 6 },
  );
  const row = 2; // excludes nothing: q is 7/12 for item 4 and 1/12 for the others
  const q = [1, 1, 1, 1, 7, 1].map((part) => part / 12);
  const tally = new Array<number>(36).fill(0);
  const random = seededRandom(5);
  for (let draw = 0; draw < 10_000; draw++) {
    const { items } = sampler.sample(batch, 2, random);
    tally[items[2 * row]! * 6 + items[2 * row + 1]!]! += 1;
  }
  const pairs = q.flatMap((first, i) =>
    q.map((second, j) => (i === j ? 0 : (first * second) / (1 - first))),
  );

  expect(chiSquareExcess(tally, pairs)).toBeLessThan(1);
});

test('draws everything that its samplers have together', () => {
  fc.assert(
    fc.property(anyBatch, fc.nat(), (batch, seed) => {
      if (batch.itemCount < 2) return;
      const { itemCount } = batch;
      const left = leftIn(batch);
      const count = Math.min(...left.map((items) => items.length));
      const sampler = mixture(halves(itemCount), { itemCount });
      const { items } = sampler.sample(batch, count, seededRandom(seed));

      for (const [row, allowed] of left.entries()) {
        if (allowed.length !== count) continue;
        const drawn = [...items.subarray(row * count, (row + 1) * count)];
        expect(drawn.sort((a, b) => a - b)).toEqual(allowed);
      }
    }),
  );
});

function leftIn(batch: ContractBatch): number[][] {
  return Array.from({ length: batch.rowCount }, (_, row) => {
    const excluded = excludedItems(batch, row);
    return [...Array(batch.itemCount).keys()].filter((item) => !excluded.has(item));
  });
}

test('looks through a catalogue of several chunks', () => {
  // 600,000 items for two rows are 1.2 million elements, more than are looked at together.
  const itemCount = 600_000;
  const counts = new Float64Array(itemCount);
  counts[itemCount - 1] = 1;
  const sampler = mixture(
    [
      { sampler: popularity({ counts }), weight: 1 },
      { sampler: uniform({ itemCount }), weight: 3 },
    ],
    { itemCount },
  );
  const batch = { rowCount: 2, excluded: listsOf([[], [itemCount - 1]]) };
  const { items, logProbabilities } = sampler.sample(batch, 2, seededRandom(1));

  expect(new Set(items).size).toBe(4);
  expect(sampler.logProbabilities(batch, items, 2)).toEqual(logProbabilities);
  const of = sampler.logProbabilities(batch, Int32Array.of(0, 0), 1);
  expectAllClose(of, [Math.log(0.75 / itemCount), Math.log(1 / itemCount)]);
});

test.each([
  [[], 'components must have one or more, got none'],
  [[1, 0], 'weights must be positive and finite, got 0 at 1'],
  [[Infinity], 'weights must be positive and finite, got Infinity at 0'],
  [[Number.NaN], 'weights must be positive and finite, got NaN at 0'],
])('rejects weights %j', (weights, message) => {
  const sampler = uniform({ itemCount: 2 });
  const components = weights.map((weight) => ({ sampler, weight }));

  expect(() => mixture(components, { itemCount: 2 })).toThrow(new RangeError(message));
});

test('rejects a sampler that repeats itself, or draws outside the catalogue', () => {
  const batch = { rowCount: 1, excluded: excludeNothing(1) };
  const draw = (sampler: NegativeSampler, count: number) =>
    mixture([{ sampler, weight: 1 }], { itemCount: 2 }).sample(batch, count, () => 0.999);

  expect(() => draw(uniform({ itemCount: 2, replacement: true }), 2)).toThrow(
    new RangeError('components must draw without replacement, got one that repeats items'),
  );
  expect(() => draw(uniform({ itemCount: 5 }), 1)).toThrow(
    new RangeError('components must draw items from 0 to 1, got 4'),
  );
});

import { ndcgAt } from '@rodpo/metrics';
import fc from 'fast-check';
import { expect, test } from 'vitest';

test('graded gains, by hand', () => {
  // Items worth 1 at rank 1 and 3 at rank 3, cutoff 3.
  // Linear: (1 + 3/2) / (3 + 1/log2(3)) = 2.5 / 3.6309298.
  expect(ndcgAt([1, 3], 3, { gains: [1, 3] })).toBeCloseTo(0.6885289, 7);
  // Exponential, 1 and 7: (1 + 7/2) / (7 + 1/log2(3)) = 4.5 / 7.6309298.
  const exponential = { gains: [1, 3], gain: 'exponential' } as const;
  expect(ndcgAt([1, 3], 3, exponential)).toBeCloseTo(0.5897053, 7);
  // Cutoff 1: the list shows the item worth 1, the ideal list the one worth 3.
  expect(ndcgAt([1, 3], 1, { gains: [1, 3] })).toBeCloseTo(1 / 3, 14);
});

test('the ideal list has all the gains, those of items that the list lacks too', () => {
  const infinite = Number.POSITIVE_INFINITY;

  expect(ndcgAt([1, infinite], 1, { gains: [1, 4] })).toBe(0.25);
  expect(ndcgAt([infinite, 1], 1, { gains: [4, 1] })).toBe(0.25);
  expect(ndcgAt([infinite, infinite], 1, { gains: [4, 1] })).toBe(0);
});

test('another discount', () => {
  const discount = (rank: number) => 1 / rank;

  expect(ndcgAt(4, 5, { discount })).toBe(0.25);
  expect(ndcgAt([2, 4], 5, { discount })).toBe((1 / 2 + 1 / 4) / (1 + 1 / 2));
  expect(ndcgAt([2, 4], 5, { discount, gains: [1, 2] })).toBe((1 / 2 + 2 / 4) / (2 + 1 / 2));
  expect(ndcgAt(2, 5, { discount: (rank) => 10 / rank })).toBe(0.5); // only ratios count
});

test('gains that are all alike count as none', () => {
  const gain = 'exponential';

  for (const ranks of [[2, 5, 9], [9, 2, 5], [1]]) {
    for (const cutoff of [1, 2, 5, 20]) {
      const gains = ranks.map(() => 3);
      const plain = ndcgAt(ranks, cutoff);

      expect(ndcgAt(ranks, cutoff, { gains })).toBeCloseTo(plain, 14);
      expect(ndcgAt(ranks, cutoff, { gains, gain })).toBeCloseTo(plain, 14);
    }
  }
  expect(ndcgAt(3, 5, { gains: [2] })).toBe(0.5);
});

test('averaged ties: of a tied group a short list shows the best', () => {
  // Two items at 1.5, cutoff 1: neither is within. Three at 2, cutoff 2: the best two are.
  expect(ndcgAt([1.5, 1.5], 1, { gains: [1, 2] })).toBe(0);
  // (4 + 2) / log2(3) over 4 + 2 / log2(3)
  expect(ndcgAt([2, 2, 2], 2, { gains: [1, 4, 2] })).toBeCloseTo(3.7855785 / 5.2618595, 7);
});

test('is 1 for the ideal list only, and at most 1', () => {
  const anyGains = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 8 });

  fc.assert(
    fc.property(anyGains, fc.integer({ min: 1, max: 12 }), fc.boolean(), (gains, cutoff, form) => {
      fc.pre(gains.some((gain) => gain > 0));
      const options = { gains, gain: form ? 'linear' : 'exponential' } as const;
      const order = [...gains.keys()].sort((a, b) => gains[b]! - gains[a]!);
      const ideal = gains.map((_, index) => order.indexOf(index) + 1);

      expect(ndcgAt(ideal, cutoff, options)).toBeCloseTo(1, 14);
      const asGiven = ndcgAt(
        [...gains.keys()].map((index) => index + 1),
        cutoff,
        options,
      );
      const isIdeal = gains.slice(0, cutoff).every((own, index) => own === gains[order[index]!]);
      if (isIdeal) expect(asGiven).toBeCloseTo(1, 14);
      else expect(asGiven).toBeLessThan(1 - 1e-9);
    }),
  );
});

test('is NaN if no gain is above 0', () => {
  expect(ndcgAt([1, 2], 5, { gains: [0, 0] })).toBeNaN();
  expect(ndcgAt(1, 5, { gains: [0] })).toBeNaN();
  expect(ndcgAt([], 5, { gains: [] })).toBeNaN();
});

test('rejects gains that are not one finite number of at least 0 per rank', () => {
  expect(() => ndcgAt([1, 2], 5, { gains: [1] })).toThrow(
    new RangeError(
      'gains must have one entry per rank, 2, got 1. Keep both in the order of the relevant items.',
    ),
  );
  for (const bad of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => ndcgAt([1, 2], 5, { gains: [1, bad] })).toThrow(
      new RangeError(
        `gain 1 must be a finite number of at least 0, got ${bad}. ` +
          'Leave out the items that are not relevant.',
      ),
    );
  }
  // 2^1024 is infinite: the value would be NaN, as of a case without relevant items.
  expect(() => ndcgAt([1, 2], 5, { gains: [2000, 1], gain: 'exponential' })).toThrow(
    'gain 0 must be a grade from 0 to 1000, got 2000',
  );
  expect(ndcgAt([1, 2], 5, { gains: [1000, 1000], gain: 'exponential' })).toBeCloseTo(1, 14);
  expect(() => ndcgAt([0, 2], 5, { gains: [1, 1] })).toThrow('rank must be at least 1, got 0');
  expect(() => ndcgAt([1, 2], 0, { gains: [1, 1] })).toThrow('cutoff must be a positive integer');
});

import { popularityWeights } from '@rodpo/samplers/tfjs';
import fc from 'fast-check';
import { expect, test } from 'vitest';

test('shares 2^24 − 1 out by the counts', () => {
  // 2^24 − 1 less one for each of 3 items counted: 16777212. An eighth of it is 2097151.5.
  const totals = popularityWeights([1, 3, 0, 4], { exponent: 1 });

  expect(totals).toEqual(Int32Array.of(2097152, 8388607, 8388607, 16777213));
});

test('exponent 0 makes counted items equal; smoothing counts all', () => {
  const weight = (16777215 - 2) / 2;
  expect(popularityWeights([7, 0, 1], { exponent: 0 })).toEqual(
    Int32Array.of(Math.round(weight), Math.round(weight), 2 * Math.round(weight)),
  );
  const [first, second] = popularityWeights([3, 0], { exponent: 1, smoothing: 1 });
  expect(first! / second!).toBeCloseTo(4 / 5, 6);
});

test('by default flattens popularity, as word2vec does', () => {
  const [first, second] = popularityWeights([16, 1]);

  expect(first! / (second! - first!)).toBeCloseTo(8, 4); // 16^0.75
});

test('rounds by less than it says, and forgets no item that has a count', () => {
  // Spread over 24 powers of ten: most items weigh next to nothing.
  const count = fc.oneof(
    fc.constant(0),
    fc.integer({ min: 0, max: 24 }).map((e) => 10 ** (e - 12)),
  );
  const counts = fc.array(count, { minLength: 1, maxLength: 300 });

  fc.assert(
    fc.property(counts, fc.constantFrom(0, 0.5, 0.75, 1, 3), (counts, exponent) => {
      fc.pre(counts.some((count) => count > 0));
      const totals = popularityWeights(counts, { exponent });
      const total = totals.at(-1)!;
      const most = Math.max(...counts);
      const powers = counts.map((count) => (count > 0 ? (count / most) ** exponent : 0));
      const sum = powers.reduce((a, b) => a + b);

      expect(total).toBeLessThan(2 ** 24);
      for (const [item, count] of counts.entries()) {
        const weight = totals[item]! - (totals[item - 1] ?? 0);
        if (count === 0) expect(weight).toBe(0);
        else expect(weight).toBeGreaterThanOrEqual(1);
        const share = powers[item]! / sum;
        const bound = (1 + share * counts.length) * 2 ** -23;
        expect(Math.abs(weight / total - share)).toBeLessThan(bound);
      }
    }),
  );
});

test.each([
  { counts: [1, -1], options: {}, message: 'counts must be finite numbers from 0, got -1' },
  { counts: [Number.NaN], options: {}, message: 'counts must be finite numbers from 0, got NaN' },
  { counts: [0, 0], options: {}, message: 'counts must have a positive one' },
  { counts: [1], options: { exponent: -1 }, message: 'exponent must be a finite number from 0' },
  { counts: [1], options: { smoothing: -1 }, message: 'smoothing must be a finite number from 0' },
  {
    counts: new Uint8Array(2 ** 22 + 1).fill(1),
    options: {},
    message: 'counts must be of at most 4194304 items, got 4194305',
  },
])('rejects $options, $message', ({ counts, options, message }) => {
  expect(() => popularityWeights(counts, options)).toThrow(RangeError);
  expect(() => popularityWeights(counts, options)).toThrow(message);
});

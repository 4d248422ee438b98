import { excludeNothing, logUniform } from '@rodpo/samplers';
import { expectAllClose } from '@rodpo/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeNegativeSampler } from '../negative-sampler-contract.ts';
import { expectGolden, golden } from './golden.ts';

describeNegativeSampler('logUniform', (itemCount) => logUniform({ itemCount }));
describeNegativeSampler(
  'logUniform in an order, with replacement',
  (itemCount) => {
    const order = Int32Array.from({ length: itemCount }, (_, rank) => itemCount - 1 - rank);
    return logUniform({ itemCount, order, replacement: true });
  },
  { replacement: true },
);

const batch = { rowCount: 1, excluded: excludeNothing(1) };

test('halves the logarithmic range over three items at rank 0', () => {
  // log 2 / log 4 = 1/2 for the first; (log 4 − log 3) / log 4 = 0.2075 for the last.
  const all = logUniform({ itemCount: 3 }).logProbabilities(batch, Int32Array.of(0, 1, 2), 3);

  expectAllClose(all.map(Math.exp), [0.5, 0.292481, 0.207519]);
});

test.each(golden.logUniform)(
  'is the distribution that NumPy computes: $itemCount items, order $order',
  ({ itemCount, order, ...rows }) => {
    const sampler = logUniform({ itemCount, ...(order && { order: Int32Array.from(order) }) });
    expectGolden(sampler, rows);
  },
);

test('draws the item whose share of the logarithmic range holds the uniform number', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e5 }),
      fc.double({ min: 0, max: 1 - 2 ** -53, noNaN: true }),
      (itemCount, uniform) => {
        const { items } = logUniform({ itemCount }).sample(batch, 1, () => uniform);
        const position = uniform * Math.log(itemCount + 1);

        // Item k holds positions from log(k + 1) to log(k + 2), but for rounding.
        expect(items[0]).toBeLessThan(itemCount);
        expect(Math.log(items[0]! + 1)).toBeLessThanOrEqual(position + 1e-12);
        expect(Math.log(items[0]! + 2)).toBeGreaterThanOrEqual(position - 1e-12);
      },
    ),
    { numRuns: 30 },
  );
});

test.each([
  [{ itemCount: 0 }, 'itemCount must be a positive integer, got 0'],
  [
    { itemCount: 3, order: Int32Array.of(0, 1, 1) },
    'order must hold each of 3 items once, got 3 with 2 different',
  ],
  [
    { itemCount: 2, order: Int32Array.of(0, 2) },
    'order must hold each of 2 items once, got 2 with 2 different',
  ],
  [
    { itemCount: 2, order: Int32Array.of(0, 1, 0) },
    'order must hold each of 2 items once, got 3 with 2 different',
  ],
])('rejects %j', (options, message) => {
  expect(() => logUniform(options)).toThrow(new RangeError(message));
});

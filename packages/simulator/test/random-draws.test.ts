import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nthSmallest } from '../src/nth-smallest.ts';
import { normalise, weightedSampler } from '../src/random-draws.ts';

/** Every weight in turn, until the draw is used up. */
function scanned(weights: readonly number[], draw: number): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  for (const [index, weight] of weights.entries()) {
    sum += weight;
    if (sum > draw * total) return index;
  }
  return weights.length - 1;
}

test('a weighted draw is the one that a scan of all weights finds, few or many', () => {
  const weight = fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 1e6, noNaN: true }));
  const weights = fc
    .array(weight, { minLength: 1, maxLength: 300, size: 'max' })
    .filter((some) => some.some((one) => one > 0));
  const draws = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }));
  fc.assert(
    fc.property(weights, draws, (some, values) => {
      const sample = weightedSampler(some);
      for (const value of [0, 0.5, 1 - 2 ** -53, ...values]) {
        expect(sample(() => value)).toBe(scanned(some, value));
      }
    }),
  );
});

test('the n-th smallest stands where a sort would put it', () => {
  const values = fc.array(fc.float({ noNaN: true }), { minLength: 1, maxLength: 60 });
  const repeated = fc.array(fc.constantFrom(1, 2, 3), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(fc.oneof(values, repeated), fc.nat(), (some, at) => {
      const place = at % some.length;
      const sorted = Float32Array.from(some).sort();
      expect(nthSmallest(Float32Array.from(some), place) + 0).toBe(sorted[place]! + 0);
    }),
  );
});

test('a vector is scaled by its length, near overflow and underflow too', () => {
  for (const scale of [1, 1e200, 1e-200]) {
    const [x, y] = normalise(Float64Array.of(3 * scale, -4 * scale));
    expect(x).toBeCloseTo(0.6, 15);
    expect(y).toBeCloseTo(-0.8, 15);
  }
});

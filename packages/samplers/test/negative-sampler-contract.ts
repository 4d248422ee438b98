import { seededRandom } from '@rodpo/random';
import { type NegativeSampler, PoolTooSmallError, type SamplingQuery } from '@rodpo/samplers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const anyScore = fc.oneof(
  fc.constantFrom(0, 1, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY), // ties are common
  fc.float({ noNaN: true }),
);

/** Queries over at most 50 items, of which at least one may be drawn. */
export const anyQuery: fc.Arbitrary<SamplingQuery> = fc
  .array(fc.tuple(anyScore, fc.boolean()), { minLength: 1, maxLength: 50 })
  .filter((items) => items.some(([, isExcluded]) => !isExcluded))
  .map((items) => ({
    scores: Float32Array.from(items, ([score]) => score),
    excluded: new Set(items.flatMap(([, isExcluded], item) => (isExcluded ? [item] : []))),
  }));

/** What every sampler promises, whatever its strategy. `sampler` must accept `anyQuery`. */
export function describeNegativeSampler(name: string, sampler: NegativeSampler): void {
  describe(`${name} keeps the sampler contract`, () => {
    test('returns distinct items, never an excluded one', () => {
      fc.assert(
        fc.property(anyQuery, fc.nat(), (query, seed) => {
          const available = query.scores.length - query.excluded.size;
          const drawn = [...sampler(query, available, seededRandom(seed))];

          expect(new Set(drawn).size).toBe(available);
          expect(drawn.every((item) => item >= 0 && item < query.scores.length)).toBe(true);
          expect(drawn.some((item) => query.excluded.has(item))).toBe(false);
        }),
      );
    });

    test('repeats itself for equal seeds, and leaves the query alone', () => {
      fc.assert(
        fc.property(anyQuery, fc.nat(), (query, seed) => {
          const before = structuredClone(query);
          const draw = () => sampler(query, 1, seededRandom(seed));

          expect(draw()).toEqual(draw());
          expect(query).toEqual(before);
        }),
      );
    });

    test('draws nothing when asked for nothing', () => {
      const nothingLeft = { scores: new Float32Array(1), excluded: new Set([0]) };

      expect(sampler(nothingLeft, 0, Math.random)).toEqual(new Int32Array(0));
    });

    test('refuses to draw more than there are', () => {
      const query = { scores: new Float32Array(3), excluded: new Set([0]) };
      const draw = () => sampler(query, 3, Math.random);

      expect(draw).toThrow(PoolTooSmallError);
      expect(draw).toThrow(expect.objectContaining({ available: 2, requested: 3 }));
    });

    test.each([-1, 1.5, Number.NaN])('rejects count %d', (count) => {
      const query = { scores: new Float32Array(3), excluded: new Set<number>() };

      expect(() => sampler(query, count, Math.random)).toThrow(
        new RangeError(`count must be an integer from 0, got ${count}`),
      );
    });
  });
}

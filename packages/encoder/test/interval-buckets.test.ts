import { type IntervalBucketOptions, intervalBuckets } from '@rodpo/encoder';
import { seededRandom } from '@rodpo/random';
import { expect, test } from 'vitest';

const minute = 60;
const day = 24 * 60 * minute;

test.each<[string, number[], IntervalBucketOptions, number[]]>([
  // log2(0 + 1) = 0, log2(1 + 1) = 1, log2(3 + 1) = 2, log2(7 + 1) = 3.
  ['powers of two less 1', [5, 5, 6, 9, 16], { count: 32 }, [0, 0, 1, 2, 3]],
  // log2(2 + 1) = 1.58, log2(6 + 1) = 2.81.
  ['what lies between them', [0, 2, 8], { count: 32 }, [0, 1, 2]],
  // log2(61) = 5.93, log2(86,401) = 16.40.
  ['a minute and a day', [0, minute, minute + day], { count: 32 }, [0, 5, 16]],
  // 100 · log2(61) = 593.07, 100 · log2(86,401) = 1639.88: HM4SR's buckets.
  ['fine ones', [0, minute, minute + day], { perOctave: 100, count: 3000 }, [0, 593, 1639]],
  ['halves of one', [0, 3], { perOctave: 0.5, count: 32 }, [0, 1]],
  ['too few', [0, minute, minute + day], { count: 6 }, [0, 5, 5]],
  ['one', [0, minute, minute + day], { count: 1 }, [0, 0, 0]],
  ['times before 1970', [-7, 0], { count: 32 }, [0, 3]],
  ['a single time', [1e9], { count: 32 }, [0]],
  ['no time', [], { count: 32 }, []],
])('buckets: %s', (_, times, options, expected) => {
  expect(intervalBuckets(times, options)).toEqual(Int32Array.from(expected));
});

test('an interval lies between the ends of its bucket', () => {
  const random = seededRandom(3);
  for (const perOctave of [1, 2, 7]) {
    const intervals = Array.from({ length: 300 }, () => Math.floor(2 ** (30 * random())));
    for (const interval of intervals) {
      const bucket = intervalBuckets([1e9, 1e9 + interval], { perOctave, count: 1000 })[1]!;
      // The scale without logarithms; the last digits of a power may be off.
      expect(interval + 1).toBeGreaterThanOrEqual(2 ** (bucket / perOctave) * (1 - 1e-12));
      expect(interval + 1).toBeLessThan(2 ** ((bucket + 1) / perOctave) * (1 + 1e-12));
    }
  }
});

test('only intervals matter, not when the sequence began', () => {
  const times = [0, 40, 41, 5000, 5000, 90_000];
  const moved = times.map((time) => time + 1_400_000_000);

  expect(intervalBuckets(moved, { count: 32 })).toEqual(intervalBuckets(times, { count: 32 }));
  expect(intervalBuckets(Float64Array.from(times), { count: 32 })).toEqual(
    intervalBuckets(times, { count: 32 }),
  );
});

test.each<[number[], RegExp]>([
  [[5, 3], /times must be finite and in order, oldest first; got 3 at 1 after 5/],
  [[0, Number.NaN], /got NaN at 1 after 0/],
  [[Number.POSITIVE_INFINITY], /got Infinity at 0$/],
])('refuses times %j', (times, message) => {
  expect(() => intervalBuckets(times, { count: 32 })).toThrow(message);
  expect(() => intervalBuckets(times, { count: 32 })).toThrow(RangeError);
});

test.each<[IntervalBucketOptions, string]>([
  [{ count: 0 }, 'count must be a positive integer, got 0'],
  [{ count: 1.5 }, 'count must be a positive integer, got 1.5'],
  [{ count: 3, perOctave: 0 }, 'perOctave must be positive and finite, got 0'],
  [{ count: 3, perOctave: Number.NaN }, 'perOctave must be positive and finite, got NaN'],
])('refuses %j', (options, message) => {
  expect(() => intervalBuckets([1], options)).toThrow(new RangeError(message));
});

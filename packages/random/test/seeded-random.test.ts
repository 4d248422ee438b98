import { seededRandom } from '@rodpo/random';
import { expect, test } from 'vitest';
import { mix32 } from '../src/mix32.ts';
import { xoshiro128 } from '../src/xoshiro128.ts';
import { byteCounts, chiSquare, correlation } from './statistics.ts';

const draw = (seed: number, count: number) => {
  const random = seededRandom(seed);
  return Float64Array.from({ length: count }, random);
};

test('xoshiro128** gives the reference sequence', () => {
  const next = xoshiro128([1, 2, 3, 4]);

  // xoshiro128starstar.c version 1.1 with s = {1, 2, 3, 4}, compiled with gcc.
  // By hand, first: rotl(2 · 5, 7) · 9 = 1280 · 9 = 11520.
  expect(Array.from({ length: 10 }, next)).toEqual([
    11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597,
    4258142804,
  ]);
});

test('mix32 is fmix32 of MurmurHash3', () => {
  expect(mix32(0)).toBe(0);
  expect(mix32(1) >>> 0).toBe(0x514e28b7); // the same C function, compiled with gcc
  expect(mix32(0xdeadbeef) >>> 0).toBe(0x0de5c6a9);
});

test.each([
  // The seeding of stateFrom written again in C over uint32_t, then the reference generator.
  [0, [583574135, 1491729995, 3958530960, 1012654989]],
  [42, [2814828936, 2460391253, 2345812955, 2146984579]],
  [-1, [2874476820, 2630099173, 3166498448, 3001537180]],
  [Number.MAX_SAFE_INTEGER, [3648458000, 3360955175, 4174576927, 1040650951]],
])('seed %d gives the same draws everywhere', (seed, words) => {
  expect(Array.from(draw(seed, 4), (value) => value * 2 ** 32)).toEqual(words);
});

test('stays in [0, 1) and fills every byte evenly', () => {
  const values = draw(1, 200_000);

  expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
  for (const bit of [0, 8, 16, 24]) {
    const statistic = chiSquare(byteCounts(values, 32, bit)); // df 255: mean 255, σ √510 = 22.6
    expect(statistic).toBeGreaterThan(142); // mean − 5σ
    expect(statistic).toBeLessThan(368); // mean + 5σ
  }
});

test.each([1, 2, 3, 16])('draws %d apart are uncorrelated', (lag) => {
  const values = draw(2, 100_000);

  const serial = correlation(values.subarray(lag), values.subarray(0, -lag));

  expect(Math.abs(serial)).toBeLessThan(5 / Math.sqrt(100_000)); // 5σ
});

test('neighbouring seeds give unrelated streams, first draw included', () => {
  const seeds = Array.from({ length: 20_000 }, (_, seed) => seed - 10_000);
  const first = seeds.map((seed) => seededRandom(seed)());

  expect(Math.abs(correlation(first.slice(1), first.slice(0, -1)))).toBeLessThan(0.036); // 5σ
  expect(chiSquare(byteCounts(first, 32, 24))).toBeLessThan(368); // 5σ, as above
  expect(Math.abs(correlation(draw(5, 20_000), draw(6, 20_000)))).toBeLessThan(0.036);
});

test('every bit of the seed counts', () => {
  const seeds = [0, 1, -1, 2 ** 31, 2 ** 32, 2 ** 32 + 1, 2 ** 52, -(2 ** 32)];

  expect(new Set(seeds.map((seed) => draw(seed, 2).join())).size).toBe(seeds.length);
});

test.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('rejects seed %d', (seed) => {
  expect(() => seededRandom(seed)).toThrow(RangeError);
  expect(() => seededRandom(seed)).toThrow(/seed must be an integer .* got .*deriveSeed/);
});

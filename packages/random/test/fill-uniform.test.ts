import { deriveSeed, fillUniform } from '@rodpo/random';
import { expect, test } from 'vitest';
import { byteCounts, chiSquare, correlation, mean } from './statistics.ts';

const count = 200_000;
const fill = (seed: number, length = count) => fillUniform(new Float32Array(length), seed);

test.each([
  // The same two-key hash written again in C over uint32_t, times 2^24.
  [0, [5415071, 359674, 4949190, 1240569]],
  [42, [13640889, 9717746, 13277176, 8767813]],
  [-1, [10768584, 3714271, 13474749, 9321085]],
  [Number.MAX_SAFE_INTEGER, [12248071, 5100759, 14643559, 9286280]],
])('seed %d gives the same noise everywhere', (seed, words) => {
  expect(Array.from(fill(seed, 4), (value) => value * 2 ** 24)).toEqual(words);
});

test('fills the array it was given, whatever was in it', () => {
  const target = new Float32Array(100).fill(Number.NaN);

  expect(fillUniform(target, 9)).toBe(target);
  expect(target).toEqual(fill(9, 100));
});

test('an element depends on the seed and its index only', () => {
  expect(fill(9, 1000).subarray(0, 10)).toEqual(fill(9, 10));
});

test('values are multiples of 2^-24 in [0, 1)', () => {
  for (const value of fill(10)) {
    if (!(value >= 0 && value < 1 && Number.isInteger(value * 2 ** 24))) expect.fail(`${value}`);
  }
});

test.each([0, 1, 2 ** 31, -5])('is uniform in every byte for seed %d', (seed) => {
  const values = fill(seed);

  // A uniform draw has variance 1/12, so σ of the mean is √(1/12/count) = 0.000645.
  expect(Math.abs(mean(values) - 0.5)).toBeLessThan(5 * 0.000645);
  for (const bit of [0, 8, 16]) {
    const statistic = chiSquare(byteCounts(values, 24, bit)); // df 255: mean 255, σ √510 = 22.6
    expect(statistic).toBeGreaterThan(142); // mean − 5σ
    expect(statistic).toBeLessThan(368); // mean + 5σ
  }
});

test('keeps the share of elements a dropout rate asks for', () => {
  const kept = fill(11).filter((value) => value < 0.9).length;

  expect(Math.abs(kept / count - 0.9)).toBeLessThan(5 * Math.sqrt((0.9 * 0.1) / count)); // 5σ
});

test.each([1, 2, 3, 64, 4096])('elements %d apart are uncorrelated', (lag) => {
  const values = fill(12);

  const serial = correlation(values.subarray(lag), values.subarray(0, -lag));

  expect(Math.abs(serial)).toBeLessThan(5 / Math.sqrt(count - lag)); // 5σ
});

test('neighbouring pairs fill the unit square evenly', () => {
  const values = fill(13);
  const cells = new Int32Array(256); // 16 × 16
  for (let index = 0; index < count; index += 2) {
    cells[Math.floor(values[index]! * 16) * 16 + Math.floor(values[index + 1]! * 16)]!++;
  }

  expect(chiSquare(cells)).toBeLessThan(368); // df 255: mean + 5σ
});

test.each([
  ['consecutive', 20, 21],
  ['opposite', 20, -20],
  ['derived', deriveSeed(1, 'step', 1), deriveSeed(1, 'step', 2)],
])('%s seeds give independent noise', (_name, left, right) => {
  expect(Math.abs(correlation(fill(left), fill(right)))).toBeLessThan(5 / Math.sqrt(count)); // 5σ
});

test('one element is uniform and uncorrelated over consecutive seeds', () => {
  const values = Float32Array.from({ length: 20_000 }, (_, seed) => fill(seed, 8)[7]!);

  expect(chiSquare(byteCounts(values, 24, 16))).toBeLessThan(368); // df 255: mean + 5σ
  const serial = correlation(values.subarray(1), values.subarray(0, -1));
  expect(Math.abs(serial)).toBeLessThan(5 / Math.sqrt(19_999)); // 5σ
});

test('no stream is a shifted copy of another', () => {
  // All neighbouring pairs (48 bits) of 100,000 streams of 10 elements. Streams that were windows
  // of one 2^32 cycle would overlap in 10^10 / 2 · 20 / 2^32 = 23 places, each repeating a pair.
  // Independent ones repeat a pair with probability (9 · 10^5)² / 2 / 2^48 = 0.0014.
  const pairs = new Float64Array(900_000);
  const stream = new Float32Array(10);
  for (let seed = 0; seed < 100_000; seed++) {
    fillUniform(stream, seed);
    for (let index = 0; index < 9; index++) {
      pairs[seed * 9 + index] = stream[index]! * 2 ** 24 + stream[index + 1]!;
    }
  }

  pairs.sort();
  expect(pairs.findIndex((pair, index) => pair === pairs[index + 1])).toBe(-1);
});

test.each([0.5, Number.NaN])('rejects seed %d', (seed) => {
  expect(() => fill(seed, 1)).toThrow(RangeError);
});

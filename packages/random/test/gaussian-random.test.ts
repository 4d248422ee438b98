import { gaussianRandom, seededRandom } from '@rodpo/random';
import { expect, test } from 'vitest';
import { correlation, mean } from './statistics.ts';

test('is the Box–Muller transform of two draws', () => {
  const draws = [1 - Math.exp(-2), 1 / 8]; // radius √(2 · 2) = 2, angle 45°
  const normal = gaussianRandom(() => draws.shift()!);

  expect(normal()).toBeCloseTo(Math.SQRT2, 12); // 2 cos 45°
  expect(normal()).toBeCloseTo(Math.SQRT2, 12); // 2 sin 45°
});

test('has the moments and the tails of a standard normal', () => {
  const count = 200_000;
  const values = Float64Array.from({ length: count }, gaussianRandom(seededRandom(3)));
  const moment = (power: number) => mean(values.map((value) => value ** power));
  const beyond = (limit: number) =>
    values.filter((value) => Math.abs(value) > limit).length / count;

  // Bounds are 5σ: the variance of x^p is E[x^2p] − E[x^p]², with E[x^2..8] = 1, 3, 15, 105.
  expect(Math.abs(moment(1))).toBeLessThan(5 * Math.sqrt(1 / count));
  expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / count));
  expect(Math.abs(moment(3))).toBeLessThan(5 * Math.sqrt(15 / count));
  expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / count));
  // P(|x| > 1.96) = 0.05 and P(|x| > 3) = 0.0027; σ of a share p is √(p(1 − p) / count).
  expect(Math.abs(beyond(1.959964) - 0.05)).toBeLessThan(5 * Math.sqrt((0.05 * 0.95) / count));
  expect(Math.abs(beyond(3) - 0.0027)).toBeLessThan(5 * Math.sqrt(0.0027 / count));
});

test('the two normals of a pair are uncorrelated', () => {
  const values = Float64Array.from({ length: 100_000 }, gaussianRandom(seededRandom(4)));
  const first = values.filter((_, index) => index % 2 === 0);
  const second = values.filter((_, index) => index % 2 === 1);

  expect(Math.abs(correlation(first, second))).toBeLessThan(5 / Math.sqrt(50_000)); // 5σ
});

test.each([0, 1 - 2 ** -53])('stays finite when random() returns %d', (extreme) => {
  const normal = gaussianRandom(() => extreme);

  expect(Number.isFinite(normal())).toBe(true);
  expect(Number.isFinite(normal())).toBe(true);
});

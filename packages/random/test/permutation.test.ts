import { permutation, seededRandom } from '@rodpo/random';
import { expect, test } from 'vitest';

test('follows Fisher–Yates from the end', () => {
  const alwaysFirst = () => 0;

  // [0 1 2 3] → swap 3,0 → [3 1 2 0] → swap 2,0 → [2 1 3 0] → swap 1,0 → [1 2 3 0]
  expect(permutation(4, alwaysFirst)).toEqual(Int32Array.of(1, 2, 3, 0));
});

test('holds every number once, at any size', () => {
  for (const count of [0, 1, 2, 17, 1000]) {
    const order = permutation(count, seededRandom(count));
    expect(order.sort()).toEqual(Int32Array.from({ length: count }, (_, index) => index));
  }
});

test('draws every order of three equally often', () => {
  const random = seededRandom(42);
  const drawsPerOrder = new Map<string, number>();
  for (let draw = 0; draw < 60_000; draw++) {
    const order = permutation(3, random).join();
    drawsPerOrder.set(order, (drawsPerOrder.get(order) ?? 0) + 1);
  }

  expect(drawsPerOrder.size).toBe(6);
  // Mean 10,000; σ = √(60,000 · 1/6 · 5/6) = 91.3; bounds are 5σ.
  for (const draws of drawsPerOrder.values()) expect(Math.abs(draws - 10_000)).toBeLessThan(457);
});

test.each([-1, 1.5, Number.NaN])('rejects count %d', (count) => {
  expect(() => permutation(count, Math.random)).toThrow(
    new RangeError(`count must be a non-negative integer, got ${count}`),
  );
});

import { deriveSeed } from '@rodpo/random';
import { expect, test } from 'vitest';
import { byteCounts, chiSquare, correlation } from './statistics.ts';

test('repeats itself, as a uint32', () => {
  const seed = deriveSeed(2025, 'pretrain', 3);

  expect(deriveSeed(2025, 'pretrain', 3)).toBe(seed);
  expect(seed).toBe(seed >>> 0);
});

test('tells every path of labels apart', () => {
  const paths: (string | number)[][] = [
    [],
    [''],
    [0],
    [1],
    ['1'],
    [-1],
    [0.5],
    [2 ** 40],
    ['a', 'b'],
    ['b', 'a'],
    ['ab'],
    ['a\u0002b'], // would be ('a', 'b') if a string's length were left out
    ['a', 'b', ''],
    ['', 'a', 'b'],
    ['pretrain', 3],
    ['pretrain', '3'],
    [3, 'pretrain'],
    ['align', 3],
    ['ä'],
    ['a\u0308'],
  ];
  const seeds = [0, 1, -1, 2 ** 32].flatMap((seed) =>
    paths.map((path) => deriveSeed(seed, ...path)),
  );

  expect(new Set(seeds).size).toBe(seeds.length);
  expect(deriveSeed(1, -0)).toBe(deriveSeed(1, 0));
});

test('seeds of consecutive labels are uniform and uncorrelated', () => {
  const unit = (label: number) => deriveSeed(7, 'epoch', label) * 2 ** -32;
  const values = Array.from({ length: 50_000 }, (_, label) => unit(label));

  for (const bit of [0, 8, 16, 24]) {
    expect(chiSquare(byteCounts(values, 32, bit))).toBeLessThan(368); // df 255: mean + 5σ
  }
  expect(Math.abs(correlation(values.slice(1), values.slice(0, -1)))).toBeLessThan(0.0224); // 5σ
});

test.each([Number.NaN, Number.NEGATIVE_INFINITY])('rejects label %d', (label) => {
  expect(() => deriveSeed(1, label)).toThrow(
    new RangeError(`a label must be a string or a finite number, got ${label}`),
  );
});

test('rejects a seed that is not an integer', () => {
  expect(() => deriveSeed(1.5, 'order')).toThrow(RangeError);
});

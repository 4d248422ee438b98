import { packRows, paddingShare } from '@rodpo/data';
import { seededRandom } from '@rodpo/random';
import { expect, test } from 'vitest';

/** min(50, 2 + geometric), mean about 6: shopping histories are short with a long tail. */
function historyLengths(count: number): Int32Array {
  const random = seededRandom(1);
  return Int32Array.from({ length: count }, () =>
    Math.min(50, 2 + Math.floor(Math.log(1 - random()) / Math.log(1 - 1 / 5))),
  );
}

test('wastes less than 5 % of 64 × 24 cells on short histories', () => {
  const batches = [...packRows(historyLengths(20_000), { rowLength: 64, rowsPerBatch: 24 })];

  expect(batches.length).toBeGreaterThan(70);
  expect(paddingShare(batches.slice(0, -1))).toBeLessThan(0.05); // 0.4 % when written
});

test('reads each length once, however many there are', () => {
  const known = historyLengths(20_000);
  const reads = new Int32Array(known.length);
  const lengths = new Proxy(known, {
    get: (target, key) => {
      if (typeof key === 'string' && /^\d+$/.test(key)) reads[Number(key)]!++;
      return Reflect.get(target, key, target);
    },
  });
  for (const _ of packRows(lengths, { rowLength: 64, rowsPerBatch: 24 }));

  expect(new Set(reads)).toEqual(new Set([1]));
});

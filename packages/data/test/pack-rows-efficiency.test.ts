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

test('packs 20,000 sequences in less than 100 ms', () => {
  const lengths = historyLengths(20_000);
  const durationsMs = [1, 2, 3].map(() => {
    const start = performance.now();
    for (const _ of packRows(lengths, { rowLength: 64, rowsPerBatch: 24 }));
    return performance.now() - start;
  });

  expect(Math.min(...durationsMs)).toBeLessThan(100); // 20 ms when written
});

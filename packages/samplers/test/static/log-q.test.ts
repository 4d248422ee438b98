import { logQ } from '@rodpo/samplers';
import { expectAllClose } from '@rodpo/testing';
import { expect, test } from 'vitest';

test('is the logarithm of the share of the training data', () => {
  expectAllClose(logQ([1, 0, 3], Int32Array.of(2, 0, 1, 2)), [
    Math.log(0.75),
    Math.log(0.25),
    -Infinity,
    Math.log(0.75),
  ]);
});

test('sampled softmax over batches, corrected by it, has the same optimum as the full softmax', () => {
  // With s_i = log p(i) and in-batch negatives of frequency f, the corrected logits s_i − log f_i
  // weigh a negative drawn f_i of the time by p(i) / f_i: its expected weight is p(i) again.
  const counts = [5, 1, 2];
  const target = [0.2, 0.5, 0.3];
  const corrections = logQ(counts, Int32Array.of(0, 1, 2));
  const expected = target.map(
    (p, item) => (counts[item]! / 8) * Math.exp(Math.log(p) - corrections[item]!),
  );

  expectAllClose(expected, target);
});

test.each([
  [[1, 2], Int32Array.of(2), 'items must be from 0 to 1, got 2'],
  [[1, 2], Int32Array.of(-1), 'items must be from 0 to 1, got -1'],
  [[0], Int32Array.of(0), 'counts must have a positive one, got 1 without'],
  [[1, -2], Int32Array.of(0), 'counts must be finite numbers from 0, got -2 for item 1'],
])('rejects counts %j with items %j', (counts, items, message) => {
  expect(() => logQ(counts, items)).toThrow(new RangeError(message));
});

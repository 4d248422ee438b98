import { expect, test } from 'vitest';
import { alignTwoTowers } from '../examples/align-two-towers.ts';
import '@rodpo/testing/tfjs';

test('two towers of layers are trained by BPR, then aligned by S-DPO', () => {
  const { trained, aligned, gains } = alignTwoTowers();

  // The policy starts as the reference: log(1 + J) with J = 3 rejected items.
  expect(aligned[0]).toBeCloseTo(Math.log(4), 5);
  expect(trained.at(-1)).toBeLessThan(trained[0]! / 4);
  expect(aligned.at(-1)).toBeLessThan(aligned[0]! / 4);
  // Every purchase is further ahead of the best of the rest than under the reference.
  expect(Math.min(...gains)).toBeGreaterThan(1);
  expect(alignTwoTowers()).toEqual({ trained, aligned, gains }); // seeded
});

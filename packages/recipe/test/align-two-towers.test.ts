import { expect, test } from 'vitest';
import { alignTwoTowers } from '../examples/align-two-towers.ts';

test('two towers of somebody else rank higher what was bought, by the loss alone', async () => {
  const { losses, ranks } = await alignTwoTowers();
  const [before, after] = ranks;

  // At the start policy and reference agree: every margin is 0, and the loss is log 2.
  expect(losses[0]).toBeCloseTo(Math.LN2, 6);
  expect(losses.at(-1)).toBeLessThan(0.5 * losses[0]!);
  expect(after).toBeLessThan(0.5 * before);
});

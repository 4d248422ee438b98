import { actionable } from '@rodpo/errors';

/** @throws {RangeError} (actionable) unless it is a finite number from 0 */
export function requireRate(learningRate: number): void {
  requireThat(learningRate >= 0 && learningRate < Infinity, 'learningRate', {
    expected: 'a number from 0',
    got: learningRate,
  });
}

/**
 * What is added to a root. With 0, a number whose gradients were all 0 would become 0 / 0.
 *
 * @throws {RangeError} (actionable) unless it is a finite number above 0
 */
export function requireEpsilon(epsilon: number): void {
  requireThat(epsilon > 0 && epsilon < Infinity, 'epsilon', {
    expected: 'a number above 0',
    got: epsilon,
  });
}

/** @throws {RangeError} (actionable) unless it is a number from 0 and below 1 */
export function requireShare(name: string, share: number): void {
  requireThat(share >= 0 && share < 1, name, {
    expected: 'a number from 0 and below 1',
    got: share,
  });
}

/** @throws {RangeError} (actionable) unless it is a finite number from 0 */
export function requireDecay(weightDecay: number): void {
  requireThat(weightDecay >= 0 && weightDecay < Infinity, 'weightDecay', {
    expected: 'a number from 0',
    got: weightDecay,
  });
}

function requireThat(
  isSo: boolean,
  name: string,
  { expected, got }: { expected: string; got: number },
): void {
  if (!isSo) throw actionable(new RangeError(`${name} must be ${expected}, got ${got}`));
}

/**
 * What decay leaves of a weight over the steps that rows may lag behind has to be a number above 0.
 *
 * @throws {RangeError} (actionable) if a step would take more than 0.4 of it
 */
export function requireSlowDecay(learningRate: number, weightDecay: number): void {
  requireThat(learningRate * weightDecay <= 0.4, 'learningRate · weightDecay', {
    expected: "0.4 at most with skipped: 'catch-up'",
    got: learningRate * weightDecay,
  });
}

/**
 * What a gradient moves has to fade: Adam would go on for ever otherwise.
 *
 * @throws {RangeError} (actionable) unless beta1 is below the root of beta2
 */
export function requireFading(beta1: number, beta2: number): void {
  requireThat(beta1 ** 2 < beta2, 'beta1', {
    expected: `below the root of beta2, ${Math.sqrt(beta2)}, with skipped: 'catch-up'`,
    got: beta1,
  });
}

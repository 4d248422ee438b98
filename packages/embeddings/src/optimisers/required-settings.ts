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

import { actionable } from '@rodpo/errors';

/** Beyond it a score could exceed float32, and be no number though the vectors are. */
const largest = 1e18;

/**
 * What is no number has no place among scores: its item would be missing from a list, or its user's list be
 * any.
 *
 * @param users `[users, width]`
 * @param items `[items, width]`
 * @throws {RangeError} (marked as actionable) if a score could be no number
 */
export function checkScorable(users: Float32Array, items: Float32Array, width: number): void {
  const isSound = (value: number) => Math.abs(value) < largest;
  const userCount = users.length / width;
  let broken = items.every(isSound) ? 0 : userCount;
  for (let user = 0; broken < userCount && user < userCount; user++) {
    if (!users.subarray(user * width, (user + 1) * width).every(isSound)) broken++;
  }
  if (broken === 0) return;
  throw actionable(
    new RangeError(
      `The model's scores are not numbers for ${broken} of ${userCount} users: training has ` +
        'diverged, or the saved weights are damaged. Lower the learning rate, or train again.',
    ),
  );
}

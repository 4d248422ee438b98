import { addN, type Scalar, scalar, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { checkShape } from './check-shape.ts';
import { timesWeights } from './left-out.ts';

export interface LossTerm {
  /** A scalar: reduce losses per row first, by `weightedMean`. */
  readonly loss: Tensor;
  readonly weight: number;
}

/**
 * The weighted sum of several losses, such as a preference loss and λ times a cross-entropy.
 * Weights need not sum to 1. A loss of weight 0 still runs, but does not count, whatever it is.
 *
 * @throws {RangeError} if there is no loss, one is not a scalar, or a weight is not finite
 */
export function combineLosses(losses: readonly LossTerm[]): Scalar {
  if (losses.length === 0) throw new RangeError('losses must hold at least one loss, got none');
  for (const [index, { loss, weight }] of losses.entries()) {
    checkShape(`losses[${index}].loss`, loss, []);
    if (!Number.isFinite(weight)) {
      throw new RangeError(`losses[${index}].weight must be a finite number, got ${weight}`);
    }
  }
  return tidy(
    () => addN(losses.map(({ loss, weight }) => timesWeights(loss, scalar(weight)))) as Scalar,
  );
}

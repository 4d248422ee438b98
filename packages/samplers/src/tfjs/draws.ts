import type { Tensor } from '@tensorflow/tfjs-core';

/** Items drawn for each row, and how likely each draw was. Both are constants to gradients. */
export interface Draws {
  /** int32, of the noise's shape: `[n]`, or `[n, count]`. */
  readonly items: Tensor;
  /**
   * Natural logarithm of the probability that one draw for this row gives the item: float32, of
   * the same shape.
   */
  readonly logProbabilities: Tensor;
}

/** Draws of a sampler that a row may leave with too few items to draw. */
export interface MaskedDraws extends Draws {
  /**
   * float32 `[n]`: 1, or 0 where the row leaves too little to draw. Its items and logarithms are 0
   * then, and harmless once the row's weight is multiplied by this.
   */
  readonly valid: Tensor;
}

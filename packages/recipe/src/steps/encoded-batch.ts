import type { Tensor2D } from '@tensorflow/tfjs-core';

/** Users and items under one model: the products of their vectors are scores. */
export interface EncodedBatch {
  /** What the user wants after each token: `[tokens, width]`. */
  readonly hidden: Tensor2D;
  /** Every item: `[itemCount, width]`. */
  readonly items: Tensor2D;
}

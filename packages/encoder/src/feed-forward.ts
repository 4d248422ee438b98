import { unscaledGelu } from '@rodpo/ops';
import { add, matMul, mul, type Tensor, type Tensor2D, tidy } from '@tensorflow/tfjs-core';

/** Weights of two linear layers: kernels `[in, out]`, biases `[out]`. */
export interface FeedForwardWeights {
  readonly up: Tensor;
  readonly upBias: Tensor;
  readonly down: Tensor;
  readonly downBias: Tensor;
}

/** `gelu(x · up + upBias) · down + downBias` of rows `[n, dimension]`. */
export function feedForward(x: Tensor2D, weights: FeedForwardWeights): Tensor2D {
  const halved = (tensor: Tensor) => mul(tensor, Math.SQRT1_2) as Tensor2D;
  return tidy(() => {
    const activity = unscaledGelu(add(matMul(x, halved(weights.up)), halved(weights.upBias)));
    return add(matMul(activity as Tensor2D, halved(weights.down)), weights.downBias);
  });
}

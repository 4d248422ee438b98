import { add, mul, neg, softplus, type Tensor } from '@tensorflow/tfjs-core';

/** `−log σ(x)`, finite for any finite x: tfjs's own `logSigmoid` cannot be differentiated. */
export function logistic(x: Tensor): Tensor {
  return softplus(neg(x));
}

/** `−(1 − ε) log σ(x) − ε log σ(−x)`: logistic loss if labels are wrong with probability ε. */
export function smoothedLogistic(x: Tensor, labelSmoothing: number): Tensor {
  if (labelSmoothing === 0) return logistic(x);
  return add(mul(1 - labelSmoothing, logistic(x)), mul(labelSmoothing, softplus(x)));
}

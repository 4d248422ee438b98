import { customGrad, type Tensor } from '@tensorflow/tfjs-core';

/**
 * What `compute` returns, as a constant: no gradient passes through it, and nothing of it is kept
 * for the way back. As `torch.no_grad`, or `jax.lax.stop_gradient` around a whole computation.
 *
 * For the scores of a reference model inside a differentiated function.
 */
export function frozen<Value extends Tensor>(compute: () => Value): Value {
  // tfjs does not record what runs inside a custom gradient, and this one has no inputs.
  return customGrad(() => ({ value: compute(), gradFunc: () => [] }))() as Value;
}

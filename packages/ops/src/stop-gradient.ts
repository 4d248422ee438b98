import { clone, customGrad, type Tensor } from '@tensorflow/tfjs-core';

/**
 * What `compute` returns, as a constant: no gradient passes through it, and nothing of it is kept
 * for the way back. As `torch.no_grad`, or `jax.lax.stop_gradient` around a whole computation.
 *
 * For a reference model inside a differentiated function, for weights that are not to be learnt, and
 * for choices: tfjs refuses to walk back through kernels without a gradient (`TopK`, `Equal`), even
 * where none is wanted.
 */
export function stopGradient<Value extends Tensor>(compute: () => Value): Value {
  // tfjs does not record what runs inside a custom gradient, and this one has no inputs. A copy,
  // since a tensor that was there before would still be what it is on the tape.
  return customGrad(() => ({ value: clone(compute()), gradFunc: () => [] }))() as Value;
}

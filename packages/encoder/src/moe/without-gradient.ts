import { customGrad, type Tensor } from '@tensorflow/tfjs-core';

/**
 * What `compute` returns, as a constant: no gradient passes through it. A choice needs this: tfjs
 * refuses to walk back through kernels without a gradient (`TopK`, `Equal`), even where none is
 * wanted.
 */
export function withoutGradient<Value extends Tensor>(compute: () => Value): Value {
  return customGrad(() => ({ value: compute(), gradFunc: () => [] }))() as Value;
}

import { requireOneOf } from '@rodpo/errors';
import {
  add,
  div,
  mean,
  mul,
  type Scalar,
  square,
  sub,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core';

export interface VariationOptions {
  /**
   * Whether the variance divides by the number of experts (`population`, as in tensor2tensor; the
   * default) or by one less (`sample`, as in ports to PyTorch).
   */
  readonly variance?: 'population' | 'sample';
}

/** Variance over squared mean of `values` `[count]`; 0 for one value, or if all are 0. */
export function squaredVariation(
  values: Tensor,
  { variance = 'population' }: VariationOptions,
): Scalar {
  requireOneOf('variance', variance, ['population', 'sample']);
  const count = values.size;
  const correction = variance === 'sample' && count > 1 ? count / (count - 1) : 1;
  return tidy(() => {
    const average = mean<Scalar>(values);
    // tfjs's squaredDifference has no gradient for a broadcast operand.
    const spread = mean<Scalar>(square(sub(values, average)));
    return mul(div(spread, add(square(average), 1e-10)), correction);
  });
}

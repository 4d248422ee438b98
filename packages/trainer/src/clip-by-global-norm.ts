import { actionable } from '@rodpo/errors';
import {
  add,
  addN,
  div,
  minimum,
  mul,
  sqrt,
  square,
  sum,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core';

export interface ClippedGradients<Name extends string = string> {
  /** All of them times the same factor, at most 1. */
  readonly gradients: Record<Name, Tensor>;
  /** The Euclidean norm of all of them together before, `[]`. */
  readonly norm: Tensor;
}

/**
 * Scales gradients down together so that their norm, taken over all their elements as if they were
 * one vector, is at most `maxNorm`: the factor is `min(1, maxNorm / (norm + 1e-6))`.
 *
 * `Infinity` leaves them as they are, and tells their norm. A norm that is no number makes all
 * gradients so, as in torch: look at `norm` where that can happen.
 *
 * @throws {RangeError} (actionable) unless `maxNorm` is positive and there are gradients
 * @see Pascanu et al., ICML 2013, in the form of `torch.nn.utils.clip_grad_norm_`
 */
export function clipByGlobalNorm<Name extends string>(
  gradients: Readonly<Record<Name, Tensor>>,
  maxNorm: number,
): ClippedGradients<Name> {
  if (!(maxNorm > 0)) {
    throw actionable(new RangeError(`maxNorm must be a positive number, got ${maxNorm}`));
  }
  const entries = Object.entries<Tensor>(gradients);
  if (entries.length === 0) throw new RangeError('Expected gradients to clip, got none.');
  return tidy(() => {
    const norm = sqrt(addN(entries.map(([, gradient]) => sum(square(gradient)))));
    const factor = minimum(div(maxNorm, add(norm, 1e-6)), 1);
    const clipped = entries.map(([name, gradient]) => [name, mul(gradient, factor)] as const);
    return { gradients: Object.fromEntries(clipped), norm } as never;
  }) as ClippedGradients<Name>;
}

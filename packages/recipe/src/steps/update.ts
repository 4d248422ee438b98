import { type AdamOptions, adam } from '@rodpo/trainer';
import type { Tensor } from '@tensorflow/tfjs-core';
import { optimiserPrefix, prefixed, unprefixed, weightPrefix } from './tokens.ts';

type Tensors = Record<string, Tensor>;

/** The state of a program in training after one step of Adam. */
export function updated(
  state: Tensors,
  parameters: Tensors,
  gradients: Tensors,
  { learningRate }: AdamOptions,
): Tensors {
  const moments = unprefixed(state, optimiserPrefix);
  const next = adam(parameters, gradients, moments, { learningRate });
  return {
    ...prefixed(next.parameters, weightPrefix),
    ...prefixed(next.state, optimiserPrefix),
  };
}

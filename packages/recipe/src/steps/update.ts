import { adam, type Optimiser } from '@rodpo/trainer';
import type { Tensor } from '@tensorflow/tfjs-core';
import { optimiserPrefix, prefixed, unprefixed, weightPrefix } from './tokens.ts';

type Tensors = Record<string, Tensor>;

export interface Update {
  /** Of a program in training, after the step. */
  readonly state: Tensors;
  /** What the optimiser tells of the step; Adam alone tells nothing. */
  readonly figures: Tensors;
  /** Gradients of rows on the host, clipped with the others if the optimiser clips. */
  readonly rowGradients: Tensors;
}

/** One step of the optimiser, or of Adam without one. */
export function updated(
  state: Tensors,
  parameters: Tensors,
  { gradients, rowGradients }: { readonly gradients: Tensors; readonly rowGradients: Tensors },
  { learningRate, optimiser }: { readonly learningRate: number; readonly optimiser?: Optimiser },
): Update {
  const moments = unprefixed(state, optimiserPrefix);
  if (!optimiser) {
    const next = adam(parameters, gradients, moments, { learningRate });
    return { state: stateOf(next), figures: {}, rowGradients };
  }
  const next = optimiser.update(parameters, gradients, moments, rowGradients);
  const { learningRate: rate, gradientNorm } = next;
  return {
    state: stateOf(next),
    figures: { learningRate: rate, ...(gradientNorm ? { gradientNorm } : {}) },
    rowGradients: next.beside,
  };
}

function stateOf(next: { readonly parameters: Tensors; readonly state: Tensors }): Tensors {
  return { ...prefixed(next.parameters, weightPrefix), ...prefixed(next.state, optimiserPrefix) };
}

import { keep, type Scalar, type Tensor, valueAndGrads } from '@tensorflow/tfjs-core';

type Tensors = Record<string, Tensor>;

export interface Derivative {
  readonly loss: Scalar;
  /** Gradient of the loss by each parameter, under the parameter's name. */
  readonly gradients: Tensors;
  /** What the loss logged, by name. */
  readonly logged: Tensors;
}

/**
 * The value of `loss` at `parameters` and its gradient by each of them.
 *
 * `loss` may pass tensors out by `log(name, tensor)`: others that it makes on the way are
 * disposed. No gradient is taken of what is logged.
 */
export function differentiate(
  loss: (parameters: Tensors, log: (name: string, value: Tensor) => void) => Scalar,
  parameters: Readonly<Tensors>,
): Derivative {
  const names = Object.keys(parameters);
  const named = (tensors: readonly Tensor[]): Tensors =>
    Object.fromEntries(names.map((name, index) => [name, tensors[index]!]));
  const kept: Tensors = {};
  const log = (name: string, value: Tensor) => {
    kept[name]?.dispose();
    kept[name] = keep(value.clone());
  };
  const evaluate = valueAndGrads((...tensors: Tensor[]) => loss(named(tensors), log));
  try {
    const { value, grads } = evaluate(Object.values(parameters));
    // Kept tensors outlive every scope; clones belong to the caller's, as the gradients do.
    const logged = Object.entries(kept).map(([name, tensor]) => [name, tensor.clone()] as const);
    return {
      loss: value as Scalar,
      gradients: named(grads),
      logged: Object.fromEntries(logged),
    };
  } finally {
    for (const tensor of Object.values(kept)) tensor.dispose();
  }
}

import { type Scalar, type Tensor, valueAndGrads } from '@tensorflow/tfjs-core';

export interface Derivative {
  readonly loss: Scalar;
  /** Gradient of the loss by each parameter, under the parameter's name. */
  readonly gradients: Record<string, Tensor>;
}

/** The value of `loss` at `parameters` and its gradient by each of them. */
export function differentiate(
  loss: (parameters: Record<string, Tensor>) => Scalar,
  parameters: Readonly<Record<string, Tensor>>,
): Derivative {
  const names = Object.keys(parameters);
  const named = (tensors: readonly Tensor[]): Record<string, Tensor> =>
    Object.fromEntries(names.map((name, index) => [name, tensors[index]!]));
  const evaluate = valueAndGrads((...tensors: Tensor[]) => loss(named(tensors)));
  const { value, grads } = evaluate(Object.values(parameters));
  return { loss: value as Scalar, gradients: named(grads) };
}

import { type Tensor, tidy, valueAndGrads } from '@tensorflow/tfjs-core';

/** The loss at `points` and its gradient by each of them, as flat arrays. */
export function derivative(
  loss: (...points: Tensor[]) => Tensor,
  points: readonly Tensor[],
): { value: number; gradients: Float32Array[] } {
  return tidy(() => {
    const { value, grads } = valueAndGrads(loss)([...points]);
    return {
      value: value.dataSync()[0]!,
      gradients: grads.map((gradient) => Float32Array.from(gradient.dataSync())),
    } as never;
  });
}

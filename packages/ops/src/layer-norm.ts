import {
  add,
  customGrad,
  mean,
  mul,
  rsqrt,
  square,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';

/**
 * Layer normalisation over the last axis of `x` `[…, dimension]`, with learned `scale` and
 * `offset` `[dimension]`.
 *
 * Its gradient is written out (instead of left to autodiff) because the closed form takes a third
 * of the operations.
 *
 * @see Ba et al., "Layer Normalization", 2016, https://arxiv.org/abs/1607.06450
 */
export function layerNorm(x: Tensor, scale: Tensor, offset: Tensor, epsilon = 1e-12): Tensor {
  const normalise = customGrad((values, gain, shift, save) => {
    const centred = sub(values as Tensor, mean(values as Tensor, -1, true));
    const inverse = rsqrt(add(mean(square(centred), -1, true), epsilon));
    const normal = mul(centred, inverse);
    (save as (tensors: Tensor[]) => void)([normal, inverse, gain as Tensor]);
    return {
      value: add(mul(normal, gain as Tensor), shift as Tensor),
      gradFunc: (gradient: Tensor, saved: Tensor[]) => layerNormGradient(gradient, saved),
    };
  });
  return normalise(x, scale, offset);
}

function layerNormGradient(gradient: Tensor, saved: Tensor[]): Tensor[] {
  const [normal, inverse, gain] = saved as [Tensor, Tensor, Tensor];
  const scaled = mul(gradient, gain);
  const projected = mul(normal, mean(mul(scaled, normal), -1, true));
  const towards = sub(sub(scaled, mean(scaled, -1, true)), projected);
  const others = gradient.shape.slice(1).map((_, axis) => axis); // all axes but the last
  return [mul(towards, inverse), sum(mul(gradient, normal), others), sum(gradient, others)];
}

import { add, customGrad, erf, exp, mul, neg, square, type Tensor } from '@tensorflow/tfjs-core';

/**
 * Gaussian error linear unit, exact form: `x · Φ(x)`, element by element.
 *
 * @see Hendrycks and Gimpel, 2016, https://arxiv.org/abs/1606.08415
 */
export function gelu(x: Tensor): Tensor {
  const activate = customGrad((values, save) => {
    const input = values as Tensor;
    const cumulative = mul(add(erf(mul(input, Math.SQRT1_2)), 1), 0.5);
    (save as (tensors: Tensor[]) => void)([input, cumulative]);
    return {
      value: mul(input, cumulative),
      gradFunc: (gradient: Tensor, saved: Tensor[]) => {
        const [at, phi] = saved as [Tensor, Tensor];
        const density = mul(exp(mul(neg(square(at)), 0.5)), 1 / Math.sqrt(2 * Math.PI));
        return mul(gradient, add(phi, mul(at, density)));
      },
    };
  });
  return activate(x);
}

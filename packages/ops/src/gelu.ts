import {
  add,
  customGrad,
  erf,
  exp,
  mul,
  square,
  sub,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core';

/**
 * Gaussian error linear unit, exact form: `x · Φ(x)`, element by element.
 *
 * @see Hendrycks and Gimpel, 2016, https://arxiv.org/abs/1606.08415
 */
export function gelu(x: Tensor): Tensor {
  return tidy(() => mul(unscaledGelu(mul(x, Math.SQRT1_2)), Math.SQRT1_2));
}

/**
 * `u · (1 + erf(u))`: GELU without its two factors, `gelu(x) = unscaledGelu(x / √2) / √2`. Between
 * two linear layers the factors go into the weights, which are far fewer than the activations.
 */
export function unscaledGelu(u: Tensor): Tensor {
  const activate = customGrad((values, save) => {
    const input = values as Tensor;
    const gate = add(erf(input), 1);
    (save as (tensors: Tensor[]) => void)([input, gate]);
    return {
      value: mul(input, gate),
      gradFunc: (gradient: Tensor, saved: Tensor[]) => {
        const [at, gateThere] = saved as [Tensor, Tensor];
        // erf'(u) = 2/√π · exp(−u²), with its factor in the exponent.
        const slope = exp(sub(Math.log(2 / Math.sqrt(Math.PI)), square(at)));
        return mul(gradient, add(gateThere, mul(at, slope)));
      },
    };
  });
  return activate(u);
}

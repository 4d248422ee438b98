import {
  add,
  customGrad,
  div,
  exp,
  log,
  max,
  maximum,
  mul,
  reshape,
  type Scalar,
  softmax,
  square,
  sub,
  sum,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import type { RoutedTokens } from './balance-losses.ts';

/**
 * Keeps router logits small: the mean over real tokens of `(log Σ_e exp(logit_e))²`; 0 without a
 * real token.
 *
 * @see Zoph et al., "ST-MoE", 2022, https://arxiv.org/abs/2202.08906, equation 5
 */
export function routerZLoss({ routing, mask }: RoutedTokens): Scalar {
  return tidy(() => {
    const squares = square(logSumExps(routing.logits));
    return div(sum<Scalar>(mul(squares, mask)), maximum(sum(mask), 1));
  });
}

/** `[n, columns]` → `[n]`. Its gradient is a softmax, one operation instead of autodiff's seven. */
function logSumExps(values: Tensor): Tensor {
  const run = customGrad((x, save) => {
    const logits = x as Tensor;
    (save as (tensors: Tensor[]) => void)([logits]);
    const largest = max(logits, 1, true);
    const rest = log(sum(exp(sub(logits, largest)), 1));
    return {
      value: add(reshape(largest, [-1]), rest),
      gradFunc: (gradient: Tensor, saved: Tensor[]) =>
        mul(softmax(saved[0]!), reshape(gradient, [-1, 1])) as Tensor,
    };
  });
  return run(values);
}

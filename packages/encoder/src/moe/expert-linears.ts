import {
  add,
  matMul,
  mul,
  reshape,
  sum,
  type Tensor,
  type Tensor2D,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core';
import { dispatch, fromExperts, toExperts } from './dispatch.ts';
import { everyGroup } from './every-group.ts';
import type { GroupedLinear } from './grouped-linear.ts';
import type { Routing } from './route.ts';
import { putAt } from './values-at.ts';

/** Weights of one linear layer for each expert: kernels `[experts, in, out]`, biases `[experts, out]`. */
export interface ExpertLinearWeights {
  readonly kernels: Tensor;
  readonly biases: Tensor;
}

/**
 * A mixture whose experts are linear layers: row `t` of the result `[n, out]` is the sum over its
 * experts `e` of `weights[t] · (x[t] · kernels[e] + biases[e])`. `x` `[n, in]`. With all experts
 * active it is one dense product, else each expert takes its own tokens.
 */
export function expertLinears(
  x: Tensor2D,
  { kernels, biases }: ExpertLinearWeights,
  { experts, weights }: Pick<Routing, 'experts' | 'weights'>,
  { groupedLinear = everyGroup }: { readonly groupedLinear?: GroupedLinear } = {},
): Tensor2D {
  const [expertCount] = kernels.shape as [number];
  return tidy(() => {
    if (experts.shape[1] === expertCount) {
      return denseLinears(x, { kernels, biases }, putAt(weights, experts, expertCount));
    }
    const plan = dispatch(experts, expertCount);
    const outputs = groupedLinear(toExperts(x, plan), kernels, biases, plan.counts);
    return fromExperts(outputs, weights, plan);
  });
}

/** `gates` `[n, experts]`: the weight of every expert. */
function denseLinears(
  x: Tensor2D,
  { kernels, biases }: ExpertLinearWeights,
  gates: Tensor2D,
): Tensor2D {
  const n = x.shape[0];
  const [expertCount, inputs, outputs] = kernels.shape as [number, number, number];
  const sideBySide = reshape(transpose(kernels, [1, 0, 2]), [inputs, expertCount * outputs]);
  const all = reshape(matMul(x, sideBySide as Tensor2D), [n, expertCount, outputs]);
  const mixed = sum(mul(all, reshape(gates, [n, expertCount, 1])), 1);
  return add(mixed, matMul(gates, biases as Tensor2D));
}

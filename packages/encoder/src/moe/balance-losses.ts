import {
  div,
  maximum,
  mul,
  type Scalar,
  slice,
  sum,
  type Tensor,
  type Tensor2D,
  tidy,
} from '@tensorflow/tfjs-core';
import { choiceCounts } from './choice-counts.ts';
import { maskedSum } from './masked-sum.ts';
import type { Routing } from './route.ts';

/** What every router loss reads. */
export interface RoutedTokens {
  readonly routing: Routing;
  /** `[n]` float32: 1 for a real token, 0 for padding, which counts nowhere. */
  readonly mask: Tensor;
}

/**
 * Load balance over first choices: `experts · Σ_e f_e · P_e`, with `f` the share of tokens whose
 * best expert is `e` and `P` the mean probability of `e`. 1 if all are equal, whatever the number
 * of active experts; 0 without a real token, as the other two.
 *
 * @see Fedus et al., "Switch Transformers", 2021, https://arxiv.org/abs/2101.03961, equation 4
 * @see Lepikhin et al., "GShard", 2020, https://arxiv.org/abs/2006.16668, algorithm 1 (over first
 *   choices of two)
 */
export function switchBalanceLoss({ routing, mask }: RoutedTokens): Scalar {
  const [n] = routing.experts.shape;
  return tidy(() => agreement({ routing, mask }, slice(routing.experts, [0, 0], [n, 1])));
}

/**
 * Load balance over all choices, shared by their number: `experts · Σ_e f_e · P_e`, with `f` the
 * share of choices that are `e`. 1 if all are equal, whatever the number of active experts.
 *
 * @see Narayanan et al., Megatron-LM, `switch_load_balancing_loss_func`,
 *   https://github.com/NVIDIA/Megatron-LM; the same as MegaBlocks and DeepSeekMoE
 */
export function megatronBalanceLoss({ routing, mask }: RoutedTokens): Scalar {
  const activeCount = routing.experts.shape[1];
  return tidy(() => div(agreement({ routing, mask }, routing.experts), activeCount));
}

/**
 * Load balance over all choices as in Hugging Face's Mixtral: `megatronBalanceLoss` times the number
 * of active experts, which it is when all are equal. For parity with weights tuned on that.
 *
 * @see https://github.com/huggingface/transformers, `load_balancing_loss_func` of `mixtral`
 */
export function mixtralBalanceLoss({ routing, mask }: RoutedTokens): Scalar {
  return tidy(() => agreement({ routing, mask }, routing.experts));
}

/** `experts · Σ_e (choices of e / tokens) · (mean probability of e)`. */
function agreement({ routing, mask }: RoutedTokens, experts: Tensor2D): Scalar {
  const expertCount = routing.probabilities.shape[1];
  const tokens = maximum(sum(mask), 1);
  const chosen = div(choiceCounts(experts, mask, expertCount), tokens);
  const probable = div(maskedSum(routing.probabilities, mask), tokens);
  return mul(sum<Scalar>(mul(chosen, probable)), expertCount);
}

import {
  div,
  log,
  maximum,
  mul,
  neg,
  type Scalar,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  tidy,
} from '@tensorflow/tfjs-core';
import { choiceCounts } from './choice-counts.ts';
import type { Routing } from './route.ts';

/** How a router spreads real tokens; all 0 if there are none. */
export interface RoutingStatistics {
  /** `[experts]`: share of the choices that each expert got; they sum to 1. */
  readonly load: Tensor1D;
  /** Entropy of `load` over that of equal loads: 1 is perfect balance, 0 is all on one expert. */
  readonly loadEntropy: Scalar;
  /** Mean entropy of a token's probabilities over that of equal ones: 0 is a router that is sure. */
  readonly tokenEntropy: Scalar;
  /** Share of the choices that found no place. */
  readonly droppedShare: Scalar;
}

export interface StatisticsInput {
  readonly routing: Routing;
  /** `[n]` float32: 1 for a real token, 0 for padding, which counts nowhere. */
  readonly mask: Tensor;
  /** `[n, activeCount]` of `withinCapacity`; without it no choice is dropped. */
  readonly keep?: Tensor;
}

/** Figures for logs. No gradient passes through them. */
export function routingStatistics({ routing, mask, keep }: StatisticsInput): RoutingStatistics {
  const { experts, probabilities } = routing;
  const activeCount = experts.shape[1];
  const expertCount = probabilities.shape[1];
  const largestEntropy = expertCount > 1 ? Math.log(expertCount) : 1;
  return tidy(() => {
    const tokens = maximum(sum(mask), 1);
    const choices = mul(tokens, activeCount);
    const load = div(choiceCounts(experts, mask, expertCount), choices);
    const surprise = mul(entropy(probabilities), mask);
    const kept = keep ? sum(keep) : mul(sum(mask), activeCount);
    return {
      load,
      loadEntropy: div(entropy(load), largestEntropy),
      tokenEntropy: div(sum(surprise), mul(tokens, largestEntropy)),
      droppedShare: div(sub(mul(sum(mask), activeCount), kept), choices),
    };
  }) as RoutingStatistics;
}

/** Over the last axis, in nats. */
function entropy(shares: Tensor): Tensor {
  return neg(sum(mul(shares, log(maximum(shares, 1e-30))), -1));
}

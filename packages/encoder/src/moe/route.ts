import { requireOneOf } from '@rodpo/errors';
import { stopGradient } from '@rodpo/ops';
import {
  add,
  argMax,
  cast,
  concat,
  div,
  equal,
  mul,
  range,
  reshape,
  sigmoid,
  softmax,
  softplus,
  sum,
  type Tensor,
  type Tensor2D,
  tidy,
  topk,
  where,
} from '@tensorflow/tfjs-core';
import { valuesAt } from './values-at.ts';

/** Noise on the logits, so that other experts are tried; in training only. `[n, experts]` each. */
export interface RouterNoise {
  /** Learned by the router; its `softplus` + 0.01 is the standard deviation. */
  readonly scale: Tensor;
  /** Drawn from the standard normal distribution. */
  readonly normal: Tensor;
}

export interface RouterOptions {
  /** Experts of each token, from 1 to all. */
  readonly activeCount: number;
  /** How logits become scores. Default `softmax` (over all experts); `sigmoid` is DeepSeek-V3's. */
  readonly scoring?: 'softmax' | 'sigmoid';
  /**
   * Whether the weights of the chosen experts sum to `scale`: Mixtral's way, and the default for
   * more than one. One expert keeps its score as its weight (Switch) by default: a weight that is
   * always 1 would tell the router nothing.
   */
  readonly normalise?: boolean;
  /** `[experts]`, added to the scores that choose, never to the weights (DeepSeek-V3). */
  readonly bias?: Tensor;
  /** Factor of all weights. Default 1. */
  readonly scale?: number;
  /** Noisy top-k. */
  readonly noise?: RouterNoise;
}

/** Which experts get each token, and how much each of them counts. */
export interface Routing {
  /** `[n, activeCount]` int32, best first. */
  readonly experts: Tensor2D;
  /** `[n, activeCount]`; gradients reach the router through them. */
  readonly weights: Tensor2D;
  /** `[n, experts]`, each row sums to 1: the softmax, or the sigmoids over their sum. */
  readonly probabilities: Tensor2D;
  /** `[n, experts]`, without noise. */
  readonly logits: Tensor2D;
  /** What `loadLoss` needs: logits with noise and the noise's standard deviation, `[n, experts]`. */
  readonly noisy?: { readonly logits: Tensor2D; readonly deviation: Tensor2D };
}

/**
 * Sends each token to its `activeCount` best experts. Of equal scores the lower index wins.
 * `logits` `[n, experts]`.
 *
 * @throws {RangeError} if `activeCount` is not an integer from 1 to the number of experts, or there is no such
 * `scoring`
 * @see Jiang et al., "Mixtral of Experts", 2024, https://arxiv.org/abs/2401.04088
 * @see Fedus et al., "Switch Transformers", 2021, https://arxiv.org/abs/2101.03961
 * @see DeepSeek-AI, "DeepSeek-V3", 2024, https://arxiv.org/abs/2412.19437, section 2.1.2
 * @see Shazeer et al., 2017, https://arxiv.org/abs/1701.06538, section 2.1 (noisy top-k)
 */
export function route(logits: Tensor2D, options: RouterOptions): Routing {
  const { activeCount, bias, noise, scoring = 'softmax', scale = 1 } = options;
  const { normalise = activeCount > 1 } = options;
  requireOneOf('scoring', scoring, ['softmax', 'sigmoid']);
  const expertCount = logits.shape[1];
  if (!Number.isInteger(activeCount) || activeCount < 1 || activeCount > expertCount) {
    throw new RangeError(
      `activeCount must be an integer from 1 to the ${expertCount} experts, got ${activeCount}`,
    );
  }

  return tidy(() => {
    const noisy = noise && disturbed(logits, noise);
    const ranked = noisy?.logits ?? logits;
    const scores = scoring === 'sigmoid' ? sigmoid(ranked) : softmax(ranked);
    const criterion = bias ? add(scores, bias) : ranked; // scores keep the order of the logits
    const experts = bestColumns(criterion as Tensor2D, activeCount);
    const weights = weightsOf(experts, { ranked, scores, scoring, normalise });
    const routing = {
      experts,
      weights: scale === 1 ? weights : mul(weights, scale),
      probabilities: scoring === 'sigmoid' ? inShares(scores) : scores,
      logits,
    };
    return noisy ? { ...routing, noisy } : routing;
  }) as Routing;
}

/** Columns of the `count` largest of each row, best first: `[n, count]` int32, as a constant. */
export function bestColumns(values: Tensor2D, count: number): Tensor2D {
  return stopGradient(() => {
    if (count > 2) return topk(values, count).indices;
    const best = largest(values);
    if (count === 1) return best;
    const isBest = equal(range(0, values.shape[1], 1, 'int32'), best);
    return concat([best, largest(where(isBest, -Infinity, values))], 1);
  }) as Tensor2D;
}

/** `[n, 1]`; a fourth of the time of `topk`. */
function largest(values: Tensor): Tensor2D {
  return reshape(cast(argMax(values, 1), 'int32'), [-1, 1]);
}

function weightsOf(
  experts: Tensor2D,
  {
    ranked,
    scores,
    scoring,
    normalise,
  }: {
    readonly ranked: Tensor2D;
    readonly scores: Tensor2D;
    readonly scoring: 'softmax' | 'sigmoid';
    readonly normalise: boolean;
  },
): Tensor2D {
  if (!normalise) return valuesAt(scores, experts);
  // The softmax of the chosen logits is their softmax over all experts, divided by its sum.
  if (scoring === 'softmax') return softmax(valuesAt(ranked, experts));
  return inShares(valuesAt(scores, experts));
}

function inShares(scores: Tensor2D): Tensor2D {
  return div(scores, add(sum(scores, 1, true), 1e-20));
}

function disturbed(
  logits: Tensor2D,
  { scale, normal }: RouterNoise,
): { logits: Tensor2D; deviation: Tensor2D } {
  const deviation = add(softplus(scale), 0.01) as Tensor2D;
  return { logits: add(logits, mul(normal, deviation)), deviation };
}

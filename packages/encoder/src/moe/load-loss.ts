import { stopGradient } from '@rodpo/ops';
import {
  add,
  cast,
  div,
  erf,
  greater,
  mul,
  type Scalar,
  scalar,
  slice,
  sub,
  type Tensor,
  type Tensor2D,
  tidy,
} from '@tensorflow/tfjs-core';
import type { RoutedTokens } from './balance-losses.ts';
import { maskedSum } from './masked-sum.ts';
import { bestColumns } from './route.ts';
import { squaredVariation, type VariationOptions } from './squared-variation.ts';
import { valuesAt } from './values-at.ts';

/**
 * Squared coefficient of variation, over experts, of the load of each: the sum, over real tokens, of
 * the probability that the expert is among the chosen if its noise alone is drawn again. A smooth
 * count, which gradients pass. 0 if all are equal, and if all experts are active.
 *
 * @throws {TypeError} if the routing had no noise
 * @see Shazeer et al., 2017, https://arxiv.org/abs/1701.06538, appendix A
 */
export function loadLoss({ routing, mask }: RoutedTokens, options: VariationOptions = {}): Scalar {
  const { noisy, experts, logits } = routing;
  const activeCount = experts.shape[1];
  if (!noisy) throw new TypeError('loadLoss needs noisy routing; call route with the option noise');
  if (activeCount === logits.shape[1]) return scalar(0);

  return tidy(() => {
    const threshold = thresholds(noisy.logits, activeCount);
    const margin = div(sub(logits, threshold), noisy.deviation) as Tensor2D;
    return squaredVariation(maskedSum(normalDistribution(margin), mask), options);
  });
}

/** What each noisy logit must exceed to be among the `count` largest: `[n, experts]`. */
function thresholds(logits: Tensor2D, count: number): Tensor {
  const n = logits.shape[0];
  const largest = valuesAt(logits, bestColumns(logits, count + 1));
  const ifOut = slice(largest, [0, count - 1], [n, 1]);
  const ifIn = slice(largest, [0, count], [n, 1]);
  const isIn = stopGradient(() => cast(greater(logits, ifIn), 'float32'));
  return add(mul(isIn, ifIn), mul(sub(1, isIn), ifOut));
}

function normalDistribution(x: Tensor2D): Tensor2D {
  return mul(add(erf(mul(x, Math.SQRT1_2)), 1), 0.5);
}

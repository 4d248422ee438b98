import { type Scalar, tidy } from '@tensorflow/tfjs-core';
import type { RoutedTokens } from './balance-losses.ts';
import { maskedSum } from './masked-sum.ts';
import { squaredVariation, type VariationOptions } from './squared-variation.ts';
import { putAt } from './values-at.ts';

/**
 * Squared coefficient of variation, over experts, of the importance of each: the sum of its weights
 * over real tokens. 0 if all are equal.
 *
 * @see Shazeer et al., 2017, https://arxiv.org/abs/1701.06538, equations 6 and 7
 */
export function importanceLoss(
  { routing, mask }: RoutedTokens,
  options: VariationOptions = {},
): Scalar {
  const { experts, weights, logits } = routing;
  return tidy(() => {
    const gates = putAt(weights, experts, logits.shape[1]);
    return squaredVariation(maskedSum(gates, mask), options);
  });
}

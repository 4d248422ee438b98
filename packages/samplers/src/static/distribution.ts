import type { SamplingBatch, UniformRandom } from '../negative-sampler.ts';

/** What the rows of a batch draw from, before they exclude anything. */
export interface Distribution {
  /** The items of positive weight, each once. */
  readonly support: Int32Array;
  /** In proportion to the probability, `[itemCount]`; 0 outside `support`. */
  readonly weights: Float64Array;
  readonly totalWeight: number;
  /** One item, as often as its weight says. */
  readonly propose: (random: UniformRandom) => number;
  /** One more item per row that it must not draw, `[rowCount]`. */
  readonly alsoExcluded?: Int32Array;
}

/** Samplers whose items are the same in every batch return the same distribution each time. */
export type DistributionOf = (batch: SamplingBatch) => Distribution;

/** Weights of all items, with the items that have any. */
export function supportOf(weights: Float64Array): Pick<Distribution, 'support' | 'totalWeight'> {
  const support = Int32Array.from(weights.keys()).filter((item) => weights[item]! > 0);
  return { support, totalWeight: support.reduce((sum, item) => sum + weights[item]!, 0) };
}

import { checkSampling, type Sampling } from './sampling.ts';
import { warnOfSampling } from './warn-of-sampling.ts';

/**
 * The unbiased estimate of a target's rank among `itemCount` items from its 1-based rank among
 * itself and `sampleCount` drawn ones: `1 + (itemCount - 1) / sampleCount · (sampledRank - 1)`.
 *
 * A metric of it is not unbiased, for metrics are not linear in the rank: the estimate is 1
 * whenever the target beats its sample. `correctedMetric` does better.
 *
 * @see Krichene and Rendle, "On Sampled Metrics for Item Recommendation", KDD 2020, section 6.1
 * @throws {RangeError} if `sampledRank` is not from 1 to `sampleCount + 1`, or a count is too small
 */
export function estimatedRank(sampledRank: number, sampling: Sampling): number {
  checkSampling(sampling);
  const { sampleCount, itemCount, warn } = sampling;
  if (!(sampledRank >= 1 && sampledRank <= sampleCount + 1)) {
    throw new RangeError(
      `sampledRank must be from 1 to ${sampleCount + 1}, got ${sampledRank}. ` +
        'It is the 1-based rank among the target and the sample.',
    );
  }
  warnOfSampling(warn);
  return 1 + ((itemCount - 1) / sampleCount) * (sampledRank - 1);
}

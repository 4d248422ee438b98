import { requireInteger } from '@rodpo/errors';
import { checkBatch } from '../batch/check-batch.ts';
import { mergeExclusions } from '../exclusions/merge-exclusions.ts';
import { memoryOf } from '../memory-of.ts';
import type { ItemLists, NegativeSampler, SamplingBatch } from '../negative-sampler.ts';
import { readmitLowest } from './readmit-lowest.ts';

/** Names the items of each row that may be false negatives: one list per row, repeats harmless. */
export type NegativeFilter = (batch: SamplingBatch) => ItemLists;

export interface FilteredOptions {
  /**
   * How many items a row must leave: where the filter leaves fewer, the lowest-scored of those it
   * named come back, never one that the batch excludes. Needs `scores`. Default 0: none comes back,
   * and a row that leaves too few is a `PoolTooSmallError`.
   */
  readonly keepAtLeast?: number;
}

/**
 * A sampler that never draws what the filter names in a row, besides what the batch excludes: its
 * `q` is that of the sampler with both excluded. It remembers what the sampler does.
 *
 * @throws {RangeError} if `keepAtLeast` is not an integer from 0; on use, also as the filter throws
 */
export function filtered(
  sampler: NegativeSampler,
  filter: NegativeFilter,
  { keepAtLeast = 0 }: FilteredOptions = {},
): NegativeSampler {
  requireInteger('keepAtLeast', keepAtLeast, { from: 0 });
  const narrowed = (batch: SamplingBatch): SamplingBatch => {
    checkBatch(batch);
    const named = filter(batch);
    const suspects = keepAtLeast > 0 ? readmitLowest(batch, named, keepAtLeast) : named;
    return { ...batch, excluded: mergeExclusions(batch.excluded, suspects) };
  };
  return {
    sample: (batch, count, random, into) => sampler.sample(narrowed(batch), count, random, into),
    logProbabilities: (batch, items, count) =>
      sampler.logProbabilities(narrowed(batch), items, count),
    ...memoryOf([sampler]),
  };
}

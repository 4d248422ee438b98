import { checkFrequencies } from './check-frequencies.ts';

/**
 * `log(count / total)` of each of `items`, shaped like them: how likely an item is in a batch of
 * training examples. A softmax over in-batch negatives subtracts it from every logit, that of the
 * chosen item included, and is then no longer biased against popular items. −∞ for count 0.
 *
 * @param counts how often each item occurs in the training data, `[itemCount]`
 * @see Yi et al., "Sampling-Bias-Corrected Neural Modeling for Large Corpus Item Recommendations",
 * RecSys 2019, https://doi.org/10.1145/3298689.3346996
 * @throws {RangeError} if a count is negative or not finite, none is positive, or an item has none
 */
export function logQ(counts: ArrayLike<number>, items: Int32Array): Float32Array {
  checkFrequencies(counts);
  let total = 0;
  for (let item = 0; item < counts.length; item++) total += counts[item]!;
  return Float32Array.from(items, (item) => {
    if (item >= 0 && item < counts.length) return Math.log(counts[item]!) - Math.log(total);
    throw new RangeError(`items must be from 0 to ${counts.length - 1}, got ${item}`);
  });
}

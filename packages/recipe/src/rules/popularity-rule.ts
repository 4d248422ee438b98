import type { Sequences } from '@rodpo/data';
import { countFrom, type Rule, ruleOf } from './rule.ts';

/**
 * The items that were chosen most often in the training part, the same for everybody.
 *
 * @param itemCount how many items there are; the sequences hold indices below it
 */
export function popularityRule(train: Sequences, itemCount: number): Rule {
  const counts = choicesOf(train, itemCount);
  const sorted = counts.toSorted();
  return ruleOf({
    reached: ({ target }) => countFrom(sorted, counts[target]!),
    reaches: (item, { target }) => counts[item]! >= counts[target]!,
  });
}

/** How often each item was chosen: `[itemCount]`. */
export function choicesOf(train: Sequences, itemCount: number): Float64Array {
  const counts = new Float64Array(itemCount);
  for (const sequence of train) for (const item of sequence) counts[item]!++;
  return counts;
}

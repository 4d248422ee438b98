import { checkLists } from '../batch/check-batch.ts';
import type { ItemLists } from '../negative-sampler.ts';
import { excludeChosen } from './exclude-chosen.ts';
import { itemLists } from './item-lists.ts';
import { mergeExclusions } from './merge-exclusions.ts';

/**
 * Keeps each row from all that its user is known to have chosen: in the training data only, since
 * leaving out what is chosen later tells the model what to expect.
 *
 * @param histories one list per row; padding that names no item, such as −1, is harmless
 * @param chosen the chosen items, `[rowCount]`, where the histories do not hold them
 * @throws {RangeError} if the histories are no lists of integers, or of another number of rows
 */
export function excludeHistory(
  histories: ItemLists | readonly ArrayLike<number>[],
  chosen?: Int32Array,
): ItemLists {
  const lists = 'offsets' in histories ? histories : itemLists(histories);
  checkLists(lists, lists.offsets.length - 1, 'histories');
  return chosen ? mergeExclusions(lists, excludeChosen(chosen)) : lists;
}

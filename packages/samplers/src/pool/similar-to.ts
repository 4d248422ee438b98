import { requireOneOf } from '@rodpo/errors';
import { checkLists } from '../batch/check-batch.ts';
import { checkChosen } from '../batch/check-chosen.ts';
import { excludeChosen } from '../exclusions/exclude-chosen.ts';
import type { ItemLists } from '../negative-sampler.ts';
import type { NegativeFilter } from './filtered.ts';
import { createItemListBuilder } from './item-list-builder.ts';

export interface SimilarToOptions {
  /**
   * Whose neighbours are named: those of the row's chosen item (the default), or of all its
   * excluded items, such as the user's history.
   */
  readonly of?: 'chosen' | 'excluded';
}

/**
 * Names the items that are like what the user chose: someone who chose one may well like its twin.
 *
 * @param neighbours one list per item of the catalogue, such as `similarItems` makes
 * @throws {RangeError} if `neighbours` is no list of lists, or `of` is neither; on use, if the batch has no chosen items
 * where they are asked for, or one has no list
 */
export function similarTo(
  neighbours: ItemLists,
  { of = 'chosen' }: SimilarToOptions = {},
): NegativeFilter {
  requireOneOf('of', of, ['chosen', 'excluded']);
  const itemCount = neighbours.offsets.length - 1;
  checkLists(neighbours, itemCount, 'neighbours');
  return (batch) => {
    const { offsets, items } =
      of === 'chosen' ? excludeChosen(checkChosen(batch, itemCount)) : batch.excluded;
    const suspects = createItemListBuilder(batch.rowCount);
    for (let row = 0; row < batch.rowCount; row++) {
      for (let index = offsets[row]!; index < offsets[row + 1]!; index++) {
        const item = items[index]!;
        if (item < 0 || item >= itemCount) continue; // padding among the exclusions
        const last = neighbours.offsets[item + 1]!;
        for (let at = neighbours.offsets[item]!; at < last; at++) {
          suspects.add(neighbours.items[at]!);
        }
      }
      suspects.endRow();
    }
    return suspects.lists();
  };
}

import { checkLists } from '../batch/check-batch.ts';
import type { ItemLists, SamplingBatch } from '../negative-sampler.ts';
import { createItemListBuilder } from './item-list-builder.ts';
import { createPool, reserve } from './pool.ts';
import { rankOrder } from './rank-order.ts';
import { createScoredRows, nanError } from './scored-rows.ts';

/**
 * The suspects of each row without its lowest-scored ones, so many that the row leaves `least`
 * items, or all that it does not exclude. Of equal ones the higher index comes back first.
 *
 * @throws {RangeError} if the batch has no scores, a suspect's is NaN, or the lists have other rows
 */
export function readmitLowest(batch: SamplingBatch, suspects: ItemLists, least: number): ItemLists {
  checkLists(suspects, batch.rowCount, 'suspects');
  const { scores, itemCount, excluded, marks } = createScoredRows()(batch);
  const kept = createItemListBuilder(batch.rowCount);
  const pool = createPool();
  reserve(pool, itemCount);
  const order = new Int32Array(itemCount);

  for (let row = 0; row < batch.rowCount; row++) {
    marks.begin(excluded, row);
    pool.size = 0;
    for (let index = suspects.offsets[row]!; index < suspects.offsets[row + 1]!; index++) {
      const item = suspects.items[index]!;
      if (!marks.add(item)) continue; // excluded, a repeat, or no item
      const score = scores[row * itemCount + item]!;
      if (Number.isNaN(score)) throw nanError(item, row);
      pool.items[pool.size] = item;
      pool.scores[pool.size++] = score;
    }
    const missing = Math.max(0, least - (itemCount - marks.size()));
    if (missing > 0) rankOrder(order, pool);
    for (let rank = 0; rank < pool.size - missing; rank++) {
      kept.add(pool.items[missing > 0 ? order[rank]! : rank]!);
    }
    kept.endRow();
  }
  return kept.lists();
}

import { actionable } from '@rodpo/errors';
import type { Embedder, EmbedderDescription } from '../embedder.ts';
import type { Item, ItemSource } from '../item.ts';
import { checksumItems } from '../store/checksum-items.ts';
import { shardRange } from '../store/shard-range.ts';

/** A shard as it should be. */
export interface WantedShard {
  readonly index: number;
  readonly itemCount: number;
  readonly description: EmbedderDescription;
  readonly dimension: number;
  /** `checksumItems` of its items. */
  readonly inputs: string;
}

export function wantedShard<Input>(
  { description, dimension }: Embedder<Input>,
  index: number,
  items: readonly Item<Input>[],
): WantedShard {
  return { index, itemCount: items.length, description, dimension, inputs: checksumItems(items) };
}

/** The items of one shard. */
export async function readItems<Input>(
  source: ItemSource<Input>,
  index: number,
  shardSize: number,
): Promise<readonly Item<Input>[]> {
  const { start, end } = shardRange(index, source.itemCount, shardSize);
  const items = await source.read(start, end);
  if (items.length === end - start) return items;
  throw actionable(
    new RangeError(
      `The source must give ${end - start} items for read(${start}, ${end}), got ${items.length}`,
    ),
  );
}

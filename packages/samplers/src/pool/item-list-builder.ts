import type { ItemLists } from '../negative-sampler.ts';

/** Builds lists whose lengths are not known before, row after row. */
export interface ItemListBuilder {
  add(item: number): void;
  /** The next item belongs to the next row. */
  endRow(): void;
  /** What was built, once every row has ended. */
  lists(): ItemLists;
}

export function createItemListBuilder(rowCount: number): ItemListBuilder {
  const offsets = new Int32Array(rowCount + 1);
  let items = new Int32Array(64);
  let size = 0;
  let row = 0;
  return {
    add(item) {
      if (size === items.length) {
        const grown = new Int32Array(2 * size);
        grown.set(items);
        items = grown;
      }
      items[size++] = item;
    },
    endRow() {
      offsets[++row] = size;
    },
    lists: () => ({ offsets, items: items.slice(0, size) }),
  };
}

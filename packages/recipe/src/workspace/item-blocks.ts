/** Stretches of one size that cover the items. */
export interface ItemBlocks {
  readonly size: number;
  /** First item of each; the last one reaches back over its neighbour rather than past the end. */
  readonly begins: readonly number[];
}

/** As few blocks of at most `most` items as there can be, all of one size: one program serves them. */
export function itemBlocks(itemCount: number, most: number): ItemBlocks {
  const count = Math.ceil(itemCount / most);
  const size = Math.ceil(itemCount / count);
  const begins = Array.from({ length: count }, (_, block) =>
    Math.min(block * size, itemCount - size),
  );
  return { size, begins };
}

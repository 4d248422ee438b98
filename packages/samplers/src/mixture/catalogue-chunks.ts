/** Some of the items from 0 on, the same for every row: `[rowCount, width]`. */
export interface CatalogueChunk {
  readonly items: Int32Array;
  readonly width: number;
}

/** So many elements are looked at together: few calls, and memory that does not grow with both. */
const CHUNK_ELEMENTS = 2 ** 20;

/** All items, in chunks. */
export function* catalogueChunks(
  rowCount: number,
  itemCount: number,
): Generator<CatalogueChunk, void> {
  const widest = Math.max(1, Math.floor(CHUNK_ELEMENTS / Math.max(1, rowCount)));
  for (let start = 0; start < itemCount; start += widest) {
    const width = Math.min(widest, itemCount - start);
    const items = Int32Array.from(
      { length: rowCount * width },
      (_, index) => start + (index % width),
    );
    yield { items, width };
  }
}

/** @throws {RangeError} if `items` is not `[rowCount, count]` */
export function checkItems(items: Int32Array, rowCount: number, count: number): void {
  if (items.length === rowCount * count) return;
  throw new RangeError(
    `items must have ${count} per row for ${rowCount} rows, ${rowCount * count}, ` +
      `got ${items.length}`,
  );
}

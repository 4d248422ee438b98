/**
 * Whether rows lie in an array: a row read past its end would look like a short one, or an empty one.
 *
 * @throws {RangeError} unless `offsets`, `[rowCount + 1]`, ascend from 0 or above to `length` at most
 */
export function checkOffsets(name: string, offsets: ArrayLike<number>, length: number): void {
  if (offsets.length === 0) {
    throw new RangeError(
      `expected an offset more than ${name} has rows, got none. Pass [0] where there are no rows.`,
    );
  }
  for (let row = 0; row < offsets.length; row++) {
    const [from, to] = [row === 0 ? 0 : offsets[row - 1]!, offsets[row]!];
    if (to >= from && to <= length) continue;
    throw new RangeError(
      `expected offsets of ${name} that ascend up to ${length}, got ${to} after ${from} at place ` +
        `${row}. Row r lies from offsets[r] to offsets[r + 1].`,
    );
  }
}

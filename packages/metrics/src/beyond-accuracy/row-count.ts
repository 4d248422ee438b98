/**
 * How many rows of `width` make up an array of `length`.
 *
 * @throws {RangeError} if `width` is not a positive integer, or does not divide `length`
 */
export function rowCountOf(name: string, length: number, width: number): number {
  if (!Number.isInteger(width) || width < 1) {
    throw new RangeError(
      `expected a positive integer as the row length of ${name}, got ${width}. ` +
        'Pass how many values each row has.',
    );
  }
  if (length % width !== 0) {
    throw new RangeError(
      `expected ${name} to hold whole rows of ${width}, got ${length} values. ` +
        'Fill up short rows, and check the row length.',
    );
  }
  return length / width;
}

/**
 * Groups cases by how long their histories are: group 0 is below the first boundary, group `g`
 * from `boundaries[g − 1]` to below `boundaries[g]`, the last is the rest. `[5, 20]` makes three
 * groups: up to 4, from 5 to 19, and 20 or more. Shape `[caseCount]`, for `groupMeans`.
 *
 * @throws {RangeError} if `boundaries` do not ascend, or a length is not at least 0
 */
export function historyLengthGroups(
  lengths: ArrayLike<number>,
  boundaries: readonly number[],
): Int32Array {
  boundaries.forEach((boundary, index) => {
    if (!(boundary > (boundaries[index - 1] ?? -Infinity))) {
      throw new RangeError(
        `expected ascending boundaries, got ${boundary} at place ${index}. ` +
          'Pass the first length of every group but the shortest.',
      );
    }
  });
  return Int32Array.from(lengths, (length, row) => {
    if (!(length >= 0)) {
      throw new RangeError(
        `expected a history length of at least 0 for case ${row}, got ${length}. ` +
          'Pass the number of items in each history.',
      );
    }
    return boundaries.filter((boundary) => boundary <= length).length;
  });
}

/** So many rounds without an end mean an order made to defeat the pivots: sorting is safe then. */
const MAX_ROUNDS = 64;

/**
 * Reorders the first `length` of `values` so that the one of rank `rank`, from 1 for the largest,
 * is at index `rank - 1`. Takes O(length), however many are equal. Wants no NaN.
 *
 * @see Hoare, "Algorithm 65: Find", Communications of the ACM 1961
 */
export function placeKthLargest(values: Float32Array, length: number, rank: number): void {
  const wanted = rank - 1;
  let first = 0;
  let last = length - 1;
  for (let round = 0; first < last; round++) {
    if (round === MAX_ROUNDS) {
      values.subarray(0, length).sort().reverse();
      return;
    }
    const a = values[first]!;
    const b = values[(first + last) >> 1]!;
    const c = values[last]!;
    const pivot = Math.max(Math.min(a, b), Math.min(Math.max(a, b), c)); // the median of three
    let left = first;
    let right = last;
    while (left <= right) {
      while (values[left]! > pivot) left++;
      while (values[right]! < pivot) right--;
      if (left > right) break;
      const moved = values[left]!;
      values[left++] = values[right]!;
      values[right--] = moved;
    }
    if (wanted <= right) last = right;
    else if (wanted >= left) first = left;
    else return; // between the two is nothing but the pivot
  }
}

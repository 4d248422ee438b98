/** Pearson's statistic against equal expected counts. Mean = df, variance = 2 df, df = bins − 1. */
export function chiSquare(counts: ArrayLike<number>): number {
  const observed = Array.from(counts);
  const expected = observed.reduce((sum, count) => sum + count, 0) / observed.length;
  return observed.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** Pearson's correlation. For `n` independent pairs: mean 0, standard deviation 1/√n. */
export function correlation(left: ArrayLike<number>, right: ArrayLike<number>): number {
  const count = left.length;
  const leftMean = mean(left);
  const rightMean = mean(right);
  let product = 0;
  let leftSquare = 0;
  let rightSquare = 0;
  for (let index = 0; index < count; index++) {
    const leftGap = left[index]! - leftMean;
    const rightGap = right[index]! - rightMean;
    product += leftGap * rightGap;
    leftSquare += leftGap ** 2;
    rightSquare += rightGap ** 2;
  }
  return product / Math.sqrt(leftSquare * rightSquare);
}

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index]!;
  return sum / values.length;
}

/** How often each of 256 values occurs in the byte that starts at `bit` of `value · 2^bits`. */
export function byteCounts(values: ArrayLike<number>, bits: number, bit: number): Int32Array {
  const counts = new Int32Array(256);
  for (let index = 0; index < values.length; index++) {
    const word = values[index]! * 2 ** bits;
    const byte = Math.floor(word / 2 ** bit) % 256;
    counts[byte]!++;
  }
  return counts;
}

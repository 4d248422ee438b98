/**
 * Standard normal draws, two for every two of `random`.
 *
 * @see Box and Muller, "A Note on the Generation of Random Normal Deviates", 1958
 */
export function gaussianFill(values: Float32Array, random: () => number): void {
  for (let at = 0; at < values.length; at += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - random())); // 1 − random() is never 0
    const angle = 2 * Math.PI * random();
    values[at] = radius * Math.cos(angle);
    values[at + 1] = radius * Math.sin(angle); // beyond the end of an odd length: ignored
  }
}

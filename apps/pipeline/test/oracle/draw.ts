/** The rejected items of one token for given uniform numbers, in plain loops. */

/** `floor(uniform · count)` as float32 computes it, below `count`. */
function place(uniform: number, count: number): number {
  return Math.min(Math.floor(Math.fround(Math.fround(uniform) * count)), count - 1);
}

/** Among the items that are not excluded, in the order of their numbers. */
export function drawFromCatalogue(
  itemCount: number,
  excluded: ReadonlySet<number>,
  uniforms: readonly number[],
): number[] {
  const left: number[] = [];
  for (let item = 0; item < itemCount; item++) if (!excluded.has(item)) left.push(item);
  return uniforms.map((uniform) => left[place(uniform, left.length)]!);
}

/** Items lie side by side, each as long as its weight; the excluded ones are cut out. */
export function drawByWeight(
  weights: readonly number[],
  excluded: ReadonlySet<number>,
  uniforms: readonly number[],
): number[] | undefined {
  let total = 0;
  for (const [item, weight] of weights.entries()) if (!excluded.has(item)) total += weight;
  if (total === 0) return undefined;
  return uniforms.map((uniform) => {
    let point = place(uniform, total);
    for (const [item, weight] of weights.entries()) {
      if (excluded.has(item)) continue;
      if (point < weight) return item;
      point -= weight;
    }
    throw new Error('a point lies on the line');
  });
}

/**
 * Weights by popularity: counts to a power, scaled so that they sum to almost 2^24, rounded, but at
 * least 1 for what was seen.
 */
export function popularity(counts: readonly number[], exponent: number): number[] {
  const powers = counts.map((count) => (count > 0 ? count ** exponent : 0));
  const sum = powers.reduce((total, power) => total + power, 0);
  const seen = counts.filter((count) => count > 0).length;
  const scale = (2 ** 24 - 1 - seen) / sum;
  return powers.map((power, item) =>
    counts[item]! > 0 ? Math.max(1, Math.round(power * scale)) : 0,
  );
}

/** What the batch's tokens chose, sorted, without those that are excluded. */
export function drawFromBatch(
  chosen: readonly number[],
  excluded: ReadonlySet<number>,
  uniforms: readonly number[],
): number[] | undefined {
  const left = chosen.filter((item) => !excluded.has(item)).sort((a, b) => a - b);
  if (left.length === 0) return undefined;
  return uniforms.map((uniform) => left[place(uniform, left.length)]!);
}

/** What the user chose before, in its order, but for what was chosen next. */
export function drawFromHistory(
  past: readonly number[],
  target: number,
  uniforms: readonly number[],
): number[] | undefined {
  const left = past.filter((item) => item !== target);
  if (left.length === 0) return undefined;
  return uniforms.map((uniform) => left[place(uniform, left.length)]!);
}

/** The best that are not excluded, best first; the lower number first among equals. */
export function poolOf(
  scores: readonly number[],
  excluded: ReadonlySet<number>,
  size: number,
): number[] {
  const left: number[] = [];
  for (const item of scores.keys()) if (!excluded.has(item)) left.push(item);
  left.sort((a, b) => scores[b]! - scores[a]! || a - b);
  return left.slice(0, size);
}

/** One after another from the pool, without putting back. */
export function drawFromPool(pool: readonly number[], uniforms: readonly number[]): number[] {
  const left = [...pool];
  return uniforms.map((uniform) => left.splice(place(uniform, left.length), 1)[0]!);
}

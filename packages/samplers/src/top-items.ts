/**
 * The `count` best-scored items that are not excluded, best first; ties go to the lower index.
 * Keeps a sorted list while it scans, so it costs O(itemCount + changes · count).
 */
export function topItems(
  scores: Float32Array,
  count: number,
  excluded: ReadonlySet<number>,
): Int32Array {
  const best = new Int32Array(count);
  let kept = 0;
  for (let item = 0; item < scores.length; item++) {
    const score = scores[item]!;
    if (kept === count && !(score > scores[best[count - 1]!]!)) continue;
    if (excluded.has(item)) continue;
    let place = kept < count ? kept++ : count - 1;
    for (; place > 0 && score > scores[best[place - 1]!]!; place--) best[place] = best[place - 1]!;
    best[place] = item;
  }
  return best.slice(0, kept);
}

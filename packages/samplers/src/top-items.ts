/**
 * The `count` best-scored items that are not excluded, best first; ties go to the lower index.
 * Collects twice as many before it sorts the lower half away: O(itemCount · log count).
 */
export function topItems(
  scores: Float32Array,
  count: number,
  excluded: ReadonlySet<number>,
): Int32Array {
  // The difference of equal infinities is NaN, so it leaves the tie to the index, as 0 does.
  const byScore = (a: number, b: number) => scores[b]! - scores[a]! || a - b;
  const collected = new Int32Array(2 * count);
  let kept = 0;
  let bar = Number.NaN; // the score to exceed; none to begin with
  for (let item = 0; item < scores.length; item++) {
    if (scores[item]! <= bar || excluded.has(item)) continue;
    collected[kept++] = item;
    if (kept < collected.length) continue;
    collected.sort(byScore);
    kept = count;
    bar = scores[collected[count - 1]!]!;
  }
  return collected.subarray(0, kept).sort(byScore).slice(0, count);
}

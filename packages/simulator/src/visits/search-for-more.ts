import type { Browsing } from './browse.ts';

/**
 * A user who gave up short of the minimum finds the rest by searching: the
 * best-liked items not clicked yet, ties to the lower index. Hardly anybody does at the defaults.
 */
export function searchForMore(
  { clicked, shown }: Browsing,
  minClicks: number,
  affinity: () => Float32Array,
): void {
  if (clicked.size >= minClicks) return;
  const scores = affinity();
  const best = [...scores.keys()]
    .filter((item) => !clicked.has(item))
    .sort((a, b) => scores[b]! - scores[a]! || a - b);
  for (const item of best.slice(0, minClicks - clicked.size)) {
    clicked.add(item);
    shown.add(item);
  }
}

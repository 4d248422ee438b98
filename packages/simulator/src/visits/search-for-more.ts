import type { Browsing } from './browse.ts';

export interface SearchOptions {
  readonly minClicks: number;
  readonly maxVisits: number;
}

/**
 * A user who gave up short of the minimum finds the rest by searching: the
 * best-liked items not clicked yet, ties to the lower index, all in one more visit. Hardly anybody
 * does at the defaults.
 */
export function searchForMore(
  { clicked, shown, visits }: Browsing,
  { minClicks, maxVisits }: SearchOptions,
  affinity: () => Float32Array,
): void {
  if (clicked.size >= minClicks) return;
  const scores = affinity();
  const best = [...scores.keys()]
    .filter((item) => !clicked.has(item))
    .sort((a, b) => scores[b]! - scores[a]! || a - b);
  for (const item of best.slice(0, minClicks - clicked.size)) {
    clicked.add(item);
    visits.push(maxVisits);
    shown.add(item);
  }
}

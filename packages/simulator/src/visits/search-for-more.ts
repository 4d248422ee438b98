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
  for (const item of best(affinity(), clicked, minClicks - clicked.size)) {
    clicked.add(item);
    visits.push(maxVisits);
    shown.add(item);
  }
}

/** So many of the best-scored items, best first, without those clicked: one pass over all. */
function best(scores: Float32Array, clicked: ReadonlySet<number>, count: number): number[] {
  const found: number[] = [];
  for (let item = 0; item < scores.length; item++) {
    const score = scores[item]!;
    if (found.length === count && !(score > scores[found[count - 1]!]!)) continue;
    if (clicked.has(item)) continue;
    let place = found.length;
    while (place > 0 && score > scores[found[place - 1]!]!) place--;
    found.splice(place, 0, item);
    found.length = Math.min(found.length, count);
  }
  return found;
}

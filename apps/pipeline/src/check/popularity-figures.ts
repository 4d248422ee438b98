import type { Sequences } from '@rodpo/data';

/** How interactions spread over items. */
export interface PopularityFigures {
  /** 0 where all items are as popular, towards 1 where few have all: Gini's coefficient. */
  readonly gini: number;
  /** Items with fewer than `rareBelow` interactions. */
  readonly rareItems: number;
  readonly rareBelow: number;
  /** Interactions of an item by its rank, the most popular being 1; ranks thin out as they grow. */
  readonly curve: readonly { readonly rank: number; readonly interactions: number }[];
}

/** Below it, too little is known of an item for its id to learn from. */
const rareBelow = 5;

/** Points of a curve, at most: more could not be seen. */
const mostPoints = 200;

/**
 * @param sequences with at least one interaction
 * @see Gini, Variabilità e mutabilità, 1912; computed from the sorted values as in Dixon et al.,
 * Bootstrapping the Gini coefficient of inequality, Ecology 68(5), 1987, without the correction of
 * small samples
 */
export function popularityFigures(sequences: Sequences, itemCount: number): PopularityFigures {
  const sorted = new Float64Array(itemCount);
  for (const sequence of sequences) for (const item of sequence) sorted[item]!++;
  sorted.sort();
  let total = 0;
  let weighted = 0;
  for (const [place, interactions] of sorted.entries()) {
    total += interactions;
    weighted += (2 * (place + 1) - itemCount - 1) * interactions;
  }
  return {
    gini: weighted / (itemCount * total),
    rareItems: sorted.filter((interactions) => interactions < rareBelow).length,
    rareBelow,
    curve: shownRanks(itemCount).map((rank) => ({
      rank,
      interactions: sorted[itemCount - rank]!,
    })),
  };
}

/** From 1 to the last, evenly on a logarithmic scale. */
function shownRanks(count: number): number[] {
  const last = mostPoints - 1;
  const ranks = Array.from({ length: mostPoints }, (_, point) =>
    Math.round(count ** (point / last)),
  );
  return [...new Set(ranks)];
}

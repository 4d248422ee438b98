import type { ScoredItem } from '../scan/best-list.ts';

export interface DiversifyOptions {
  readonly count: number;
  /** From 0, by score alone, to 1, by difference alone. */
  readonly diversity: number;
  /** What items resemble one another by. */
  readonly vectorOf: (item: number) => Float32Array;
}

/**
 * Maximal marginal relevance: the best item first, then each time the one with the greatest
 * `(1 − diversity) · relevance − diversity · resemblance`. Relevance is the score, scaled so that it is
 * 1 for the best of the pool and 0 for its last; resemblance is the greatest cosine to an item that was
 * taken already. Ties go to what comes first in the pool.
 *
 * @param pool best first
 * @see Carbonell and Goldstein, "The Use of MMR, Diversity-Based Reranking for Reordering Documents and
 *   Producing Summaries", SIGIR 1998; their λ is `1 − diversity`
 */
export function diversify(
  pool: readonly ScoredItem[],
  { count, diversity, vectorOf }: DiversifyOptions,
): ScoredItem[] {
  const [best, worst] = [pool[0]?.score ?? 0, pool.at(-1)?.score ?? 0];
  const relevance = (score: number) => (best > worst ? (score - worst) / (best - worst) : 1);
  const units = pool.map(({ item }) => unit(vectorOf(item)));
  const resemblance = pool.map(() => Number.NEGATIVE_INFINITY);
  const left = new Set(pool.keys());
  const taken: ScoredItem[] = [];
  while (taken.length < count && left.size > 0) {
    let [chosen, highest] = [-1, Number.NEGATIVE_INFINITY];
    for (const place of left) {
      const seen = taken.length === 0 ? 0 : diversity * resemblance[place]!;
      const value = (1 - diversity) * relevance(pool[place]!.score) - seen;
      if (chosen >= 0 && value <= highest) continue;
      [chosen, highest] = [place, value];
    }
    left.delete(chosen);
    taken.push(pool[chosen]!);
    for (const place of left) {
      resemblance[place] = Math.max(resemblance[place]!, dot(units[place]!, units[chosen]!));
    }
  }
  return taken;
}

/** Of length 1; a vector of zeros resembles nothing. */
function unit(vector: Float32Array): Float64Array {
  const length = Math.sqrt(dot(vector, vector));
  return Float64Array.from(vector, (value) => (length > 0 ? value / length : 0));
}

export function dot(left: ArrayLike<number>, right: ArrayLike<number>): number {
  let sum = 0;
  for (let place = 0; place < left.length; place++) sum += left[place]! * right[place]!;
  return sum;
}

import type { ScoredItem } from '../scan/best-list.ts';
import { lengthOf } from './length-of.ts';

export interface DiversifyOptions {
  readonly count: number;
  /** From 0, by score alone, to 1, by difference alone. */
  readonly diversity: number;
  /** What items resemble one another by. */
  readonly vectorOf: (item: number) => Float32Array;
}

/** An item of the pool, and what is known of it so far. */
interface Candidate {
  readonly scored: ScoredItem;
  /** Its vector, of length 1. */
  readonly unit: Float64Array;
  /** `(1 − diversity) · relevance`. */
  readonly gain: number;
  /** The greatest cosine to the first `compared` of those taken. */
  resemblance: number;
  compared: number;
  /** Its value by that resemblance: what is taken since can only lower it. */
  value: number;
}

/**
 * Maximal marginal relevance: the best item first, then each time the one with the greatest
 * `(1 − diversity) · relevance − diversity · resemblance`. Relevance is the score, scaled so that it is
 * 1 for the best of the pool and 0 for its last; resemblance is the greatest cosine to an item that was
 * taken already. Ties go to what comes first in the pool.
 *
 * Costs O(count · pool · width) at most, and less the smaller `diversity` is: an item whose value is
 * beaten already is not compared with what was taken since.
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
  const candidates = pool.map((scored): Candidate => {
    const gain = (1 - diversity) * relevance(scored.score);
    const unknown = { resemblance: Number.NEGATIVE_INFINITY, compared: 0 };
    return { scored, unit: unit(vectorOf(scored.item)), gain, ...unknown, value: Infinity };
  });
  const left = new Set(candidates);
  const taken: Candidate[] = [];
  let chosen = candidates[0];
  while (chosen && taken.length < count) {
    left.delete(chosen);
    taken.push(chosen);
    chosen = mostValuable(left, taken, diversity);
  }
  return taken.map(({ scored }) => scored);
}

function mostValuable(
  left: Iterable<Candidate>,
  taken: readonly Candidate[],
  diversity: number,
): Candidate | undefined {
  let chosen: Candidate | undefined;
  for (const candidate of left) {
    if (chosen && candidate.value <= chosen.value) continue;
    for (; candidate.compared < taken.length; candidate.compared++) {
      const cosine = dot(candidate.unit, taken[candidate.compared]!.unit);
      if (cosine > candidate.resemblance) candidate.resemblance = cosine;
    }
    candidate.value = candidate.gain - diversity * candidate.resemblance;
    if (!chosen || candidate.value > chosen.value) chosen = candidate;
  }
  return chosen;
}

/** Of length 1; a vector of zeros resembles nothing. */
function unit(vector: Float32Array): Float64Array {
  const length = lengthOf(vector);
  return new Float64Array(vector).map((value) => (length > 0 ? value / length : 0));
}

/** Asked of one kind of array alone: V8 compiles it for that kind, which is several times as fast. */
function dot(left: Float64Array, right: Float64Array): number {
  let sum = 0;
  for (let place = 0; place < left.length; place++) sum += left[place]! * right[place]!;
  return sum;
}

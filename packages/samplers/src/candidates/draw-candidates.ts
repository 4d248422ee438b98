import { requirePositiveInteger } from '@rodpo/errors';
import type { UniformRandom } from '@rodpo/random';
import type { CandidateSource, CandidateSupport } from './candidate-source.ts';
import { drawByArrival } from './draw-by-arrival.ts';

/** So many different items from one source. */
export interface CandidatePart {
  readonly source: CandidateSource;
  readonly count: number;
}

/** Items that all rows of a batch, or of a part of it, are compared with. */
export interface Candidates {
  /** Distinct, in the order in which they were drawn, or in which a source has all of them: `[Σ count]`, or fewer. */
  readonly items: Int32Array;
  /**
   * Logarithm of the probability that a draw of as many tries has the item among its candidates: what
   * a sampled softmax subtracts from the item's score, be it a candidate or not.
   */
  readonly logInclusion: (item: number) => number;
}

/**
 * Draws each part's `count` distinct items, leaving out what an earlier part has drawn, or all that a
 * source has if that is less. The cost does not depend on the size of the catalogue, unless that many are wanted of
 * a source, or it is that uneven, that its proposals would bring hardly anything new.
 *
 * With `n_k` proposals of the sources' `q_k`, `logInclusion(i) = log(1 − Π_k (1 − q_k(i))^n_k)`: 0 for what a
 * source can propose that was drawn empty.
 *
 * @see TensorFlow's candidate samplers with `unique=True`, whose expected counts are these
 * @throws {RangeError} if a count is not a positive integer
 */
export function drawCandidates(parts: readonly CandidatePart[], random: UniformRandom): Candidates {
  const drawn = new Set<number>();
  const draws = parts.map(({ source, count }, index) => {
    requirePositiveInteger(`parts[${index}].count`, count);
    return { source, tries: drawDistinct(source, count, random, drawn) };
  });
  return {
    items: Int32Array.from(drawn),
    logInclusion: (item) => {
      let logMissed = 0;
      for (const { source, tries } of draws) {
        const probability = source.probability(item);
        if (probability > 0) logMissed += tries * Math.log1p(-probability);
      }
      return Math.log(-Math.expm1(logMissed));
    },
  };
}

/** How often the source was asked, or what that amounts to if it has nothing more to give. */
function drawDistinct(
  source: CandidateSource,
  count: number,
  random: UniformRandom,
  drawn: Set<number>,
): number {
  const { propose, size, proposalsOfAll } = source;
  if (size - drawn.size <= count) {
    const { items } = without(drawn, source.support());
    if (items.length <= count) {
      for (const item of items) drawn.add(item);
      return proposalsOfAll;
    }
  }
  const wanted = drawn.size + count;
  let tries = 0;
  for (; drawn.size < wanted && tries < mostTries * size; tries++) drawn.add(propose(random));
  if (drawn.size === wanted) return tries;
  const support = source.support();
  const left = without(drawn, support);
  const total = support.weights.reduce((sum, weight) => sum + weight, 0);
  const more = drawByArrival(left, { total, count: wanted - drawn.size, random });
  for (const item of more.items) drawn.add(item);
  return tries + more.tries;
}

/** Proposals for each item of a source after which a pass over these costs less than more of them. */
const mostTries = 4;

function without(drawn: ReadonlySet<number>, { items, weights }: CandidateSupport) {
  return {
    items: items.filter((item) => !drawn.has(item)),
    weights: weights.filter((_, index) => !drawn.has(items[index]!)),
  };
}

import { actionable, requirePositiveInteger } from '@rodpo/errors';
import type { UniformRandom } from '@rodpo/random';
import type { CandidateSource } from './candidate-source.ts';

/** So many different items from one source. */
export interface CandidatePart {
  readonly source: CandidateSource;
  readonly count: number;
}

/** Items that all rows of a batch, or of a part of it, are compared with. */
export interface Candidates {
  /** Distinct, in the order in which they were drawn: `[Σ count]`, or fewer. */
  readonly items: Int32Array;
  /**
   * Logarithm of the probability that a draw of as many tries has the item among its candidates: what
   * a sampled softmax subtracts from the item's score, be it a candidate or not.
   */
  readonly logInclusion: (item: number) => number;
}

/**
 * Draws each part's `count` distinct items, leaving out what an earlier part has drawn, or all that a
 * source has if that is less. The cost does not depend on the size of the catalogue.
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
  { propose, size, proposalsOfAll }: CandidateSource,
  count: number,
  random: UniformRandom,
  drawn: Set<number>,
): number {
  const own = new Set<number>();
  const wanted = drawn.size + count;
  let tries = 0;
  while (drawn.size < wanted && own.size < size) {
    const item = propose(random);
    own.add(item);
    drawn.add(item);
    if (++tries > mostTries * (count + 1)) throw tooRare(count, drawn.size + count - wanted);
  }
  return own.size === size ? proposalsOfAll : tries;
}

/** Proposals for one new item, on average, above which a source is too uneven for so many. */
const mostTries = 1000;

function tooRare(count: number, found: number): RangeError {
  return actionable(
    new RangeError(
      `Could not draw ${count} different candidates: after ${mostTries * (count + 1)} tries there were ` +
        `${found}. Ask for fewer, lower the exponent of their popularity, or raise its smoothing.`,
    ),
  );
}

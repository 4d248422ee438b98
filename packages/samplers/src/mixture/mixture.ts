import { requireInteger, requirePositiveInteger } from '@rodpo/errors';
import { checkBatch } from '../batch/check-batch.ts';
import { checkItems } from '../batch/check-items.ts';
import { createMarks } from '../batch/marks.ts';
import { negativesOf } from '../batch/negatives-of.ts';
import { memoryOf } from '../memory-of.ts';
import type { NegativeSampler } from '../negative-sampler.ts';
import { drawByRace } from './draw-by-race.ts';
import { drawInTurn } from './draw-in-turn.ts';
import { type Component, logProbabilitiesOf, writeBlend } from './log-blend.ts';
import { findServed } from './served.ts';

export interface MixtureComponent {
  /** Draws without replacement, and throws where a row leaves too few. */
  readonly sampler: NegativeSampler;
  /** How much of the mixture it is, in proportion to the others'. */
  readonly weight: number;
}

export interface MixtureOptions {
  /** How many items the catalogue has: they are 0 to `itemCount - 1`. */
  readonly itemCount: number;
}

/**
 * Each draw comes from one of several samplers, chosen by weight:
 * `q(i | row) = Σ weight_k q_k(i | row) / Σ weight_k`, over the samplers that have a candidate for
 * the row. Draws are distinct: an item that was drawn before is drawn again, sampler included. It remembers what
 * they do, by their place.
 *
 * While every sampler could fill a row by itself, a batch costs one `sample` and one
 * `logProbabilities` of each. Otherwise it costs `logProbabilities` of the whole catalogue, and so
 * may asking for the probability of an item that not every sampler can draw.
 *
 * @see Yang et al., "Mixed Negative Sampling for Learning Two-tower Neural Networks in
 * Recommendations", WWW 2020, https://doi.org/10.1145/3366424.3386195
 * @throws {RangeError} if there is no component, a weight is not positive and finite, or
 * `itemCount` is not a positive integer; when drawing, if a component repeats an item in a row or
 * draws one that is not in the catalogue
 */
export function mixture(
  components: readonly MixtureComponent[],
  { itemCount }: MixtureOptions,
): NegativeSampler {
  requirePositiveInteger('itemCount', itemCount);
  const shares = sharesOf(components);
  const drawn = createMarks(itemCount);
  return {
    sample(batch, count, random, into) {
      requireInteger('count', count, { from: 0 });
      checkBatch(batch);
      const negatives = negativesOf(batch.rowCount, count, into);
      if (count === 0) return negatives;
      const draw = { batch, count, random, itemCount, negatives };
      if (!drawInTurn(shares, draw, drawn)) drawByRace(shares, draw);
      return negatives;
    },

    logProbabilities(batch, items, count) {
      requireInteger('count', count, { from: 0 });
      checkBatch(batch);
      checkItems(items, batch.rowCount, count);
      const parts = logProbabilitiesOf(shares, batch, items, count);
      const served = findServed(shares, { batch, parts, count, itemCount });
      const logProbabilities = new Float32Array(items.length);
      writeBlend(shares, { parts, served, count }, logProbabilities);
      return logProbabilities;
    },

    ...memoryOf(components.map(({ sampler }) => sampler)),
  };
}

function sharesOf(components: readonly MixtureComponent[]): Component[] {
  if (components.length === 0) throw new RangeError('components must have one or more, got none');
  for (const [index, { weight }] of components.entries()) {
    if (Number.isFinite(weight) && weight > 0) continue;
    throw new RangeError(`weights must be positive and finite, got ${weight} at ${index}`);
  }
  const sum = components.reduce((total, { weight }) => total + weight, 0);
  return components.map(({ sampler, weight }) => ({ sampler, share: weight / sum }));
}

import { requireInteger } from '@rodpo/errors';
import { checkBatch } from '../batch/check-batch.ts';
import { checkItems } from '../batch/check-items.ts';
import type { SamplingBatch } from '../negative-sampler.ts';
import { countAhead } from './count-ahead.ts';
import { createScoredRows } from './scored-rows.ts';

export interface NegativeConfidenceOptions {
  /**
   * The probability, before looking at scores, that an item a row does not exclude is one its user
   * would choose all the same: one number, or `[itemCount]`, such as the share of users who chose
   * the item. From 0 to 1.
   */
  readonly prior: number | ArrayLike<number>;
}

/**
 * The probability that each item is a true negative, given how many items score less: `[rowCount,
 * count]`, for weighting the pairs of a loss. With `F` the share of the row's allowed items that
 * score no more than the item, and `P` its prior:
 *
 * `(1 − F)(1 − P) / ((1 − F)(1 − P) + F P)`
 *
 * The best-scored allowed item has F = 1 and so 0, unless its prior is 0; an excluded item has 0.
 *
 * Why: let the larger of two random scores be a missed positive's and the smaller a true
 * negative's. Their densities at a score are `2 f F` and `2 f (1 − F)`; the rest is Bayes' rule.
 *
 * @see Liu and Wang, "Bayesian Negative Sampling for Recommendation", 2022,
 * https://arxiv.org/abs/2204.06520 (there `unbias(l)`, with the denominator multiplied out)
 * @throws {RangeError} if the batch has no scores or one is NaN, `items` is not `[rowCount, count]`
 * or names no item, or a prior is not from 0 to 1
 */
export function negativeConfidence(
  batch: SamplingBatch,
  items: Int32Array,
  count: number,
  { prior }: NegativeConfidenceOptions,
): Float32Array {
  requireInteger('count', count, { from: 0 });
  checkBatch(batch);
  checkItems(items, batch.rowCount, count);
  const priorOf = priorsOf(prior);
  const rows = createScoredRows()(batch);
  const { marks, itemCount } = rows;
  const confidences = new Float32Array(items.length);
  for (let row = 0; row < batch.rowCount; row++) {
    marks.begin(batch.excluded, row);
    const allowed = itemCount - marks.size();
    for (let index = row * count; index < (row + 1) * count; index++) {
      const item = items[index]!;
      checkItem(item, itemCount, row);
      const cumulative = 1 - countAhead(rows, row, item, 0) / allowed;
      if (marks.has(item)) continue;
      confidences[index] = trueNegativeProbability(cumulative, priorOf(item));
    }
  }
  return confidences;
}

function checkItem(item: number, itemCount: number, row: number): void {
  if (item >= 0 && item < itemCount) return;
  throw new RangeError(`items must be from 0 to ${itemCount - 1}, got ${item} in row ${row}`);
}

/** By Bayes' rule, see `negativeConfidence`. Without a prior doubt the score can raise none. */
export function trueNegativeProbability(cumulative: number, prior: number): number {
  if (prior === 0) return 1;
  const negative = (1 - cumulative) * (1 - prior);
  return negative / (negative + cumulative * prior);
}

/**
 * The prior of each item.
 *
 * @throws {RangeError} at once if one is not from 0 to 1; when called, if an item has none
 */
export function priorsOf(prior: number | ArrayLike<number>): (item: number) => number {
  if (typeof prior === 'number') {
    checkPrior(prior);
    return () => prior;
  }
  for (let item = 0; item < prior.length; item++) checkPrior(prior[item]!);
  return (item) => {
    if (item < prior.length) return prior[item]!;
    throw new RangeError(`prior must have one element per item, got ${prior.length}, not ${item}`);
  };
}

function checkPrior(prior: number): void {
  if (prior >= 0 && prior <= 1) return;
  throw new RangeError(`prior must be from 0 to 1, got ${prior}`);
}

import { checkChosen } from '../batch/check-chosen.ts';
import type { NegativeFilter } from './filtered.ts';
import { createItemListBuilder } from './item-list-builder.ts';
import { createScoredRows, nanError } from './scored-rows.ts';

export interface AboveChosenOptions {
  /** How far below the chosen item's score a negative must stay. Default 0; negative tolerates. */
  readonly margin?: number;
  /**
   * Which share of the chosen item's score a negative may reach, above 0 and at most 1. Default 1:
   * the margin alone is the bound.
   */
  readonly ratio?: number;
}

/**
 * Names the items that score so much that they may be positives: above `s − margin`, or above
 * `s · ratio`, where `s` is the chosen item's score in the row. (Where `s` is negative the second
 * bound is `s · (2 − ratio)`, as far below it.) Without options, all that outscore the chosen item.
 * Needs `scores` and `chosen`.
 *
 * @see Moreira et al., "NV-Retriever: Improving text embedding models with effective hard-negative
 * mining", 2024, https://arxiv.org/abs/2407.15831 (TopK-MarginPos and TopK-PercPos)
 * @see Zhou et al., "SimANS: Simple Ambiguous Negatives Sampling for Dense Text Retrieval", EMNLP
 * 2022, https://arxiv.org/abs/2210.11773: the best-scored negatives are the likeliest false ones,
 * those scored about as the chosen item tell most
 * @throws {RangeError} if `margin` is not finite or `ratio` not in (0, 1]; on use, if the batch has
 * no scores or no chosen items, or a chosen item's score is NaN
 */
export function aboveChosen({ margin = 0, ratio = 1 }: AboveChosenOptions = {}): NegativeFilter {
  if (!Number.isFinite(margin)) throw new RangeError(`margin must be finite, got ${margin}`);
  if (!(ratio > 0 && ratio <= 1)) {
    throw new RangeError(`ratio must be above 0 and at most 1, got ${ratio}`);
  }
  const scoredRows = createScoredRows();
  return (batch) => {
    const { scores, itemCount } = scoredRows(batch);
    const chosen = checkChosen(batch, itemCount);
    const suspects = createItemListBuilder(batch.rowCount);
    for (let row = 0; row < batch.rowCount; row++) {
      const start = row * itemCount;
      const score = chosenScore(scores, itemCount, row, chosen[row]!);
      const bound = Math.min(score - margin, ratio < 1 ? scaled(score, ratio) : Infinity);
      for (let item = 0; item < itemCount; item++) {
        if (scores[start + item]! > bound) suspects.add(item);
      }
      suspects.endRow();
    }
    return suspects.lists();
  };
}

function scaled(score: number, ratio: number): number {
  return score * (score < 0 ? 2 - ratio : ratio);
}

function chosenScore(scores: Float32Array, itemCount: number, row: number, item: number): number {
  const score = scores[row * itemCount + item]!;
  if (Number.isNaN(score)) throw nanError(item, row);
  return score;
}

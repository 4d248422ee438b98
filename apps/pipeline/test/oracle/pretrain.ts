/** The loss of one step of pretraining, in plain loops. */

import { type Batch, tokensOf } from './batch.ts';
import { drawFromCatalogue } from './draw.ts';
import { type DropoutOf, encodeBatch } from './encode-batch.ts';
import type { Plain, Sizes } from './encode-sequence.ts';
import { crossEntropy, type GbceOptions, gbce, weightedMean } from './losses.ts';
import { allScores, scoreOf } from './scores.ts';

export interface PretrainStep {
  readonly sizes: Sizes;
  readonly batch: Batch;
  readonly loss:
    | { readonly kind: 'softmax' }
    | ({ readonly kind: 'gbce'; readonly negatives: number } & Omit<GbceOptions, 'itemCount'>);
  readonly dropoutOf?: DropoutOf;
  /** Uniform numbers of a token, one per negative, by its cell. */
  readonly uniformsOf: (cell: number) => readonly number[];
}

export function pretrainLoss(weights: Plain, step: PretrainStep): number {
  const { sizes, batch, loss, uniformsOf } = step;
  const vectors = encodeBatch(weights, sizes, batch, step.dropoutOf);
  const tokens = tokensOf(batch);
  const losses = tokens.map(({ stretch, cell, target }) => {
    const vector = vectors.get(cell)!;
    if (loss.kind === 'softmax') return crossEntropy(allScores(vector, weights), target);
    const excluded = new Set(stretch.items);
    const rejected = drawFromCatalogue(batch.itemCount, excluded, uniformsOf(cell));
    const score = (item: number) => scoreOf(vector, weights.items!, item);
    const pair = { chosen: score(target), rejected: rejected.map(score) };
    return gbce(pair, { ...loss, itemCount: batch.itemCount });
  });
  return weightedMean(
    losses,
    tokens.map(({ weight }) => weight),
  );
}

import type { NegativeSampler, SamplingBatch } from '@rodpo/samplers';
import { excludedItems } from '../any-batch.ts';

/** The items a row does not exclude from best to worst, ties to the lower index: by sorting all. */
export function ranking(batch: SamplingBatch, row: number): number[] {
  const itemCount = batch.scores!.length / batch.rowCount;
  const scores = batch.scores!.subarray(row * itemCount, (row + 1) * itemCount);
  const excluded = excludedItems(batch, row);
  return [...scores.keys()]
    .filter((item) => !excluded.has(item))
    .sort((a, b) => scores[b]! - scores[a]! || a - b); // equal infinities: NaN, so the index
}

export const rowsOf = ({ rowCount }: SamplingBatch): number[] => [...Array(rowCount).keys()];

export interface ScoredBatch extends SamplingBatch {
  readonly scores: Float32Array;
}

export function oneRow(scores: readonly number[], excluded: readonly number[] = []): ScoredBatch {
  return {
    rowCount: 1,
    scores: Float32Array.from(scores),
    excluded: { offsets: Int32Array.of(0, excluded.length), items: Int32Array.from(excluded) },
  };
}

/** `q` of every item, `[rowCount · itemCount]`. */
export function probabilities(sampler: NegativeSampler, batch: SamplingBatch): Float32Array {
  return logarithms(sampler, batch).map(Math.exp);
}

export function logarithms(sampler: NegativeSampler, batch: SamplingBatch): Float32Array {
  const itemCount = batch.scores!.length / batch.rowCount;
  const items = Int32Array.from(batch.scores!, (_, index) => index % itemCount);
  return sampler.logProbabilities(batch, items, itemCount);
}

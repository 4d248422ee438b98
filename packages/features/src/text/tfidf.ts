import type { SparseVector } from './sparse-rows.ts';

export interface TfidfOptions {
  /** Whether a count `c` weighs `1 + ln |c|` (with its sign) in place of `c`. Default false. */
  readonly sublinear?: boolean;
}

/**
 * Smoothed inverse document frequencies `ln((1 + n) / (1 + d)) + 1`: `[columns]`.
 *
 * As scikit-learn's `TfidfTransformer(smooth_idf=True)`.
 *
 * @param documentFrequencies `d`, the number of documents that hold each column: `[columns]`
 * @param documentCount `n`
 */
export function inverseDocumentFrequencies(
  documentFrequencies: ArrayLike<number>,
  documentCount: number,
): Float64Array {
  return Float64Array.from(
    documentFrequencies,
    (frequency) => Math.log((1 + documentCount) / (1 + frequency)) + 1,
  );
}

/**
 * Counts weighted by inverse document frequency, scaled to length 1 (L2).
 *
 * As scikit-learn's `TfidfTransformer`, whose sublinear form knows no negative counts: here they
 * keep their sign.
 *
 * @param idf `[columns]`
 */
export function tfidf(
  { indices, values }: SparseVector,
  idf: Float64Array,
  { sublinear = false }: TfidfOptions = {},
): SparseVector {
  const weights = Float64Array.from(values, (count, entry) => {
    const frequency = sublinear ? Math.sign(count) * (1 + Math.log(Math.abs(count))) : count;
    return frequency * idf[indices[entry]!]!;
  });
  const length = Math.sqrt(weights.reduce((sum, weight) => sum + weight * weight, 0));
  return { indices, values: Float32Array.from(weights, (weight) => weight / (length || 1)) };
}

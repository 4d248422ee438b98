import type { ModelOutput } from './model-session.ts';

/**
 * The mean of the tokens of a text, or of the patches of an image.
 *
 * @param hidden `[batch, tokens, dimension]`
 * @param mask `[batch, tokens]`, 1 = counts. Default: all count.
 * @returns `[batch, dimension]`
 */
export function meanOfTokens({ data, dims }: ModelOutput, mask?: BigInt64Array): Float32Array {
  const [batch, tokens, dimension] = dims as [number, number, number];
  const means = new Float32Array(batch * dimension);
  const sum = new Float64Array(dimension);
  for (let row = 0; row < batch; row++) {
    sum.fill(0);
    let count = 0;
    for (let token = row * tokens; token < (row + 1) * tokens; token++) {
      if (mask && mask[token] === 0n) continue;
      count++;
      for (let i = 0; i < dimension; i++) sum[i]! += data[token * dimension + i]!;
    }
    for (let i = 0; i < dimension; i++) means[row * dimension + i] = sum[i]! / count;
  }
  return means;
}

/** The first token of each row, which BERT and ViT call CLS: `[batch, dimension]`. */
export function firstTokens({ data, dims }: ModelOutput): Float32Array {
  const [batch, tokens, dimension] = dims as [number, number, number];
  const first = new Float32Array(batch * dimension);
  for (let row = 0; row < batch; row++) {
    const start = row * tokens * dimension;
    first.set(data.subarray(start, start + dimension), row * dimension);
  }
  return first;
}

/**
 * The mean of a feature map over its places.
 *
 * @param map `[batch, channels, height, width]`
 * @returns `[batch, channels]`
 */
export function meanOfPlaces({ data, dims }: ModelOutput): Float32Array {
  const [batch, channels, height, width] = dims as [number, number, number, number];
  const places = height * width;
  return Float32Array.from({ length: batch * channels }, (_, row) => {
    let sum = 0;
    for (let place = row * places; place < (row + 1) * places; place++) sum += data[place]!;
    return sum / places;
  });
}

/** Divides each row by its length, in place. A row of zeros stays one. */
export function scaleToUnitLength(vectors: Float32Array, dimension: number): Float32Array {
  for (let start = 0; start < vectors.length; start += dimension) {
    const row = vectors.subarray(start, start + dimension);
    let squares = 0;
    for (const value of row) squares += value * value;
    const length = Math.max(Math.sqrt(squares), 1e-12); // torch.nn.functional.normalize does so too
    for (let i = 0; i < dimension; i++) row[i]! /= length;
  }
  return vectors;
}

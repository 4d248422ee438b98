import { gaussianRandom, seededRandom } from '@rodpo/random';

/** Always the next of `values`, from the first again after the last. */
export function cycle(values: readonly number[]): () => number {
  let index = 0;
  return () => values[index++ % values.length]!;
}

/** Standard normal values. */
export function normals(seed: number, length: number): Float64Array {
  return Float64Array.from({ length }, gaussianRandom(seededRandom(seed)));
}

import type { Batch, Stretch } from './batch.ts';
import { type DropoutFactors, encodeSequence, type Plain, type Sizes } from './encode-sequence.ts';

export type DropoutOf = (stretch: Stretch) => DropoutFactors;

/** The vector of every token by its cell; each user is read alone. */
export function encodeBatch(
  weights: Plain,
  sizes: Sizes,
  { stretches, rowLength }: Batch,
  dropoutOf?: DropoutOf,
): Map<number, Float64Array> {
  const vectors = new Map<number, Float64Array>();
  for (const stretch of stretches) {
    const encoded = encodeSequence(
      weights,
      sizes,
      stretch.items.slice(0, -1),
      dropoutOf?.(stretch),
    );
    for (const [place, vector] of encoded.entries()) {
      vectors.set(stretch.row * rowLength + stretch.offset + place, vector);
    }
  }
  return vectors;
}

import type { ItemVectors } from '../item-vectors.ts';
import { checkVectors } from './check-vectors.ts';
import { unitScale } from './unit-scale.ts';

/**
 * Vectors of length 1 (L2), so that a dot product is a cosine. Absent items stay absent.
 *
 * @throws {RangeError} if a present row is all zeros (it has no direction) or not finite
 */
export function normalizeRows(source: ItemVectors): ItemVectors {
  checkVectors('normalizeRows', source);
  const { dimension, present } = source;
  const vectors = new Float32Array(source.vectors.length);
  for (let row = 0; row < present.length; row++) {
    if (present[row] === 0) continue;
    const scale = unitScale('normalizeRows', source.vectors, row, dimension);
    for (let at = row * dimension; at < (row + 1) * dimension; at++) {
      vectors[at] = source.vectors[at]! * scale;
    }
  }
  return { dimension, vectors, present: present.slice() };
}

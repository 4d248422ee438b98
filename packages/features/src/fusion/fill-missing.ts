import { actionable } from '@rodpo/errors';
import type { ItemVectors } from '../item-vectors.ts';
import { checkVectors } from './check-vectors.ts';

/**
 * The vectors with `value` in the rows of absent items, for a model that needs a number
 * everywhere: `[items, dimension]`. It is a plain array and not `ItemVectors`, whose absent rows
 * are zeros: keep `present` beside it, so that the model can tell what was filled in.
 *
 * @param value `[dimension]`, such as the `meanVector` of the training items
 * @throws {RangeError} if `value` is of another dimension
 */
export function fillMissing(source: ItemVectors, value: Float32Array): Float32Array {
  checkVectors('fillMissing', source);
  const { dimension, present } = source;
  if (value.length !== dimension) {
    throw actionable(
      new RangeError(`Expected a value of dimension ${dimension}, got ${value.length}`),
    );
  }
  const filled = source.vectors.slice();
  for (let row = 0; row < present.length; row++) {
    if (present[row] === 0) filled.set(value, row * dimension);
  }
  return filled;
}

import { actionable } from '@rodpo/errors';
import type { ItemVectors } from '../item-vectors.ts';
import { checkVectors } from './check-vectors.ts';
import { unitScale } from './unit-scale.ts';

/** Vectors made of several modalities, and which modalities each item has. */
export interface Fused extends ItemVectors {
  /** `[items, parts]`, row-major, 1 = the item has that part. A missing part's block is zeros. */
  readonly modalities: Uint8Array;
}

export interface ConcatenateOptions {
  /** Scales every block to length 1 first, so that no modality wins by its units. Default true. */
  readonly normalize?: boolean;
  /** How much each part counts in a dot product, positive. Default `1 / parts` each. */
  readonly weights?: readonly number[];
  /** An item is present only if it has every part, instead of any. Default false. */
  readonly requireAll?: boolean;
}

/**
 * Joins the vectors of several modalities: image, text, … Item `i` must be the same in every part.
 *
 * Block `p` is multiplied with `√weights[p]`, so that a dot product of two items is
 * `Σ weights[p] · (dot product in part p)`. The expected squared length is
 * `Σ weights[p] · E‖part p‖²`: weights that sum to 1 keep it, and normalised blocks then give an
 * item that has all parts length 1. An item that lacks some is shorter: `√(Σ weights)` of those
 * it has. `normalizeRows` afterwards shares the weight of the missing ones out to the others.
 * `{ normalize: false, weights: [1, 1] }` copies the values as they are.
 *
 * Rows that are not present are zeros; `modalities` tells even then what the item has.
 *
 * @throws {RangeError} if parts have different numbers of items, weights are not positive or not
 * one per part, or a block to normalise is all zeros or not finite
 */
export function concatenate(
  parts: readonly ItemVectors[],
  {
    normalize = true,
    weights = parts.map(() => 1 / parts.length),
    requireAll = false,
  }: ConcatenateOptions = {},
): Fused {
  checkParts(parts, weights);
  const itemCount = parts[0]!.present.length;
  const dimension = parts.reduce((sum, part) => sum + part.dimension, 0);
  const modalities = modalitiesOf(parts, itemCount);
  const present = presentItems(modalities, itemCount, requireAll);
  const vectors = new Float32Array(itemCount * dimension);

  let column = 0;
  for (const [index, part] of parts.entries()) {
    const weight = Math.sqrt(weights[index]!);
    for (let row = 0; row < itemCount; row++) {
      if (part.present[row] === 0 || present[row] === 0) continue;
      const name = `concatenate: part ${index}`;
      const scale = normalize ? unitScale(name, part.vectors, row, part.dimension) : 1;
      const from = row * part.dimension;
      const to = row * dimension + column;
      for (let axis = 0; axis < part.dimension; axis++) {
        vectors[to + axis] = part.vectors[from + axis]! * scale * weight;
      }
    }
    column += part.dimension;
  }
  return { dimension, vectors, present, modalities };
}

function checkParts(parts: readonly ItemVectors[], weights: readonly number[]): void {
  const first = parts[0];
  if (!first) throw actionable(new RangeError('concatenate needs at least one part, got none'));
  for (const [index, part] of parts.entries()) {
    checkVectors(`concatenate: part ${index}`, part);
    if (part.present.length === first.present.length) continue;
    throw actionable(
      new RangeError(
        `Parts must be of the same items: part 0 has ${first.present.length}, ` +
          `part ${index} has ${part.present.length}`,
      ),
    );
  }
  if (weights.length !== parts.length) {
    throw actionable(
      new RangeError(`Expected ${parts.length} weights, one per part, got ${weights.length}`),
    );
  }
  if (weights.every((weight) => weight > 0 && weight < Infinity)) return;
  throw actionable(
    new RangeError(
      `Weights must be positive, got [${weights.join(', ')}]. Leave a part out to ignore it.`,
    ),
  );
}

function modalitiesOf(parts: readonly ItemVectors[], itemCount: number): Uint8Array {
  return Uint8Array.from({ length: itemCount * parts.length }, (_, at) => {
    const row = Math.floor(at / parts.length);
    return parts[at % parts.length]!.present[row] === 0 ? 0 : 1;
  });
}

function presentItems(modalities: Uint8Array, itemCount: number, requireAll: boolean): Uint8Array {
  const partCount = modalities.length / itemCount;
  return Uint8Array.from({ length: itemCount }, (_, row) => {
    const has = modalities.subarray(row * partCount, (row + 1) * partCount);
    return (requireAll ? has.every(Boolean) : has.some(Boolean)) ? 1 : 0;
  });
}

import type { Embedder } from '../embedder.ts';
import { UnusableInput } from '../unusable-input.ts';
import { cleanText } from './clean-text.ts';
import { describeFit, type FittedText, type TextDescriptorSettings } from './fitted-text.ts';
import { hashedNgrams } from './hashed-ngrams.ts';
import { saveFittedText } from './save-fitted-text.ts';
import type { SparseVector } from './sparse-rows.ts';
import { weighing } from './vocabulary.ts';

/** Of rows of length 1: what is shorter is rounding error of float32. */
const shortestVector = 1e-6;

/** A text embedder that needs no weights from elsewhere: see `fitTextDescriptor`. */
export interface TextDescriptor extends Embedder<string, SparseVector> {
  /** Writes one file for `loadTextDescriptor`, complete or not at all, replacing what was there. */
  save(file: string): Promise<void>;
}

/** The embedder of a fit, made just now or loaded. */
export function textDescriptor(fitted: FittedText): TextDescriptor {
  const { settings, projection } = fitted;
  const { dimension, featureCount, minDocuments, sublinear, normalize } = settings;
  const weigh = weighing(fitted, 2 * featureCount, sublinear);
  const description = describeFit(fitted);
  return {
    dimension,
    description,
    prepare: async (text) => {
      const weighted = weigh(countNgrams(text, settings));
      if (weighted.indices.length > 0) return weighted;
      throw new UnusableInput(
        'empty',
        'This text shares no word and no character sequence with the texts that the descriptor ' +
          `was fitted on (of which ${minDocuments} must hold it).`,
      );
    },
    embed: async (batch) => {
      const vectors = new Float32Array(batch.length * dimension);
      batch.forEach((row, index) => {
        const vector = project(row, projection, dimension);
        vectors.set(scaled(vector, normalize), index * dimension);
      });
      return vectors;
    },
    dispose: async () => {},
    save: (file) => saveFittedText(fitted, description, file),
  };
}

/** @throws {UnusableInput} if nothing is left of the text after cleaning */
export function countNgrams(text: string, settings: TextDescriptorSettings): SparseVector {
  // NFKC, which cleaning leaves out: full-width `Ａ` and `A` would have no n-gram in common.
  return hashedNgrams(cleanText(text, settings).normalize('NFKC'), settings);
}

function project(
  { indices, values }: SparseVector,
  projection: Float32Array,
  dimension: number,
): Float64Array {
  const vector = new Float64Array(dimension);
  for (let entry = 0; entry < indices.length; entry++) {
    const row = indices[entry]! * dimension;
    const value = values[entry]!;
    for (let axis = 0; axis < dimension; axis++) vector[axis]! += value * projection[row + axis]!;
  }
  return vector;
}

/** Nothing of the row lies in the kept directions: NaN, which nobody takes for a vector. */
function scaled(vector: Float64Array, normalize: boolean): Float64Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  if (length < shortestVector) return vector.fill(Number.NaN);
  return normalize ? vector.map((value) => value / length) : vector;
}

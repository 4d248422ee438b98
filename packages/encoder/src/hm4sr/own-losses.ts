import { lookup } from '@rodpo/ops';
import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { ParameterFinder } from '../parameters.ts';
import type { FeatureTable, ItemFeatures } from '../sequence-encoder.ts';
import { categoryLoss } from './category-loss.ts';
import { inBatchContrast } from './in-batch-contrast.ts';
import {
  type EncodedStreams,
  type PlaceholderContrastContext,
  placeholderContrast,
} from './placeholder-contrast.ts';
import type { FilledHm4sr } from './settings.ts';

export interface LossContext extends PlaceholderContrastContext {
  /** `[tokens]` int32. */
  readonly items: Tensor;
  /** Each token's item, without its position: `[tokens, width]`. */
  readonly itemVectors: Tensor2D;
  readonly features?: FeatureTable;
}

/** The losses that the settings ask for, by name, before their weights. */
export function ownLosses(
  streams: EncodedStreams,
  weight: ParameterFinder,
  settings: FilledHm4sr,
  context: LossContext,
): Partial<Record<keyof FilledHm4sr['losses'], Scalar>> {
  const { idContrast, placeholderContrast: placeholder, categories } = settings.losses;
  const { real, targets } = context;
  return {
    ...(idContrast && {
      idContrast: inBatchContrast(streams.outputs[0]!, lookup(weight('items'), targets), {
        ids: targets,
        weights: real,
        temperature: idContrast.temperature,
      }),
    }),
    ...(placeholder && {
      placeholderContrast: placeholderContrast(streams, weight, settings, context),
    }),
    ...(categories && {
      categories: categoryLoss(
        { vectors: context.itemVectors, items: context.items, weights: real },
        categoriesOf(context.features, categories.count),
        { kernel: weight('categories.kernel'), bias: weight('categories.bias') },
      ),
    }),
  };
}

/** Sparse ones do not tell how wide they are. */
function categoriesOf(features: FeatureTable | undefined, count: number): ItemFeatures {
  const categories = features?.categories;
  const width = categories && 'vectors' in categories ? categories.vectors.shape[1] : count;
  if (categories && width === count) return categories;
  throw new TypeError(
    `The loss of categories needs features.categories with vectors of ${count} columns, got ` +
      `${categories ? width : 'none'}. Pass them as an option of encode, or set losses.categories to null.`,
  );
}

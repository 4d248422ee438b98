import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { featuresOf, type ItemStream, newIdStream } from './item-streams.ts';
import type { FeatureTable, Parameters, SequenceEncoder } from './sequence-encoder.ts';

/** The item side of an encoder, whichever stream its ids make: the parameter that they are given is its rows. */
export type ItemVectorsBy = (
  parameters: Parameters,
  features: FeatureTable,
  ids: (rows: Tensor) => ItemStream,
) => Tensor2D;

/**
 * How an encoder knows items without a trained row: by the same item side, with a stream that stands for their
 * ids (`newIdStream`). Nothing if it reads no modalities.
 */
export function newItemsBy(
  modalities: readonly string[],
  as: 'mean' | 'absent',
  itemVectors: ItemVectorsBy,
): Pick<SequenceEncoder, 'newItems'> {
  const [first] = modalities;
  if (first === undefined) return {};
  return {
    newItems: {
      modalities,
      vectors: (parameters, features) =>
        itemVectors(parameters, features, (row) =>
          newIdStream(row, featuresOf(features, first), as),
        ),
    },
  };
}

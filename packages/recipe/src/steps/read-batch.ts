import { groupedLinear, type StepContext } from '@rodpo/compile';
import type { Encoded, FeatureTable, Parameters, SequenceEncoder } from '@rodpo/encoder';
import type { Uniform } from '@rodpo/ops';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { BatchLayout } from '../batches/batch-layout.ts';
import { packedTokens } from './tokens.ts';

/** How a batch is read. */
export interface Reading {
  readonly parameters: Parameters;
  /** What the encoder's `itemVectors` gave for them. */
  readonly items: Tensor2D;
  readonly dropout: number;
  readonly uniform: Uniform;
  /** Reads as in training, with all that the encoder draws there. Default: as in a ranking. */
  readonly features?: FeatureTable;
}

/** What an encoder makes of the packed batch that a step is given. */
export function readBatch(
  encoder: SequenceEncoder,
  { rowLength }: Pick<BatchLayout, 'rowLength'>,
  inputs: StepContext['inputs'],
  { parameters, items, features, ...options }: Reading,
): Encoded {
  return encoder.encode(parameters, items, packedTokens(inputs), {
    rowLength,
    groupedLinear,
    ...options,
    ...(features ? { targets: inputs.targets!, features } : {}),
  });
}

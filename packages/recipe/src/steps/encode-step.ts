import { groupedLinear, type StepFunction } from '@rodpo/compile';
import type { NewItems, SequenceEncoder } from '@rodpo/encoder';
import { range, type Tensor2D } from '@tensorflow/tfjs-core';
import { type BatchLayout, tokenCount } from '../batches/batch-layout.ts';
import { featureTable } from './features.ts';
import { packedTokens, type Specs, tokenSpecs } from './tokens.ts';

/** The vectors of some items under fixed weights: rows of parameters and features are inputs or state. */
export function itemsStep(encoder: SequenceEncoder): StepFunction {
  return ({ state, inputs }) => {
    const known = { ...state, ...inputs };
    return { outputs: { items: encoder.itemVectors(known, featureTable(known)) } };
  };
}

/** The same of items without rows, whose mean rows are state. */
export function newItemsStep(newItems: NewItems): StepFunction {
  return ({ state, inputs }) => ({
    outputs: { items: newItems.vectors(state, featureTable(inputs)) },
  });
}

/** A packed batch, with the vector of each token's item in place of the item. */
export function encodeSpecs(layout: BatchLayout, { width }: SequenceEncoder): Specs {
  const { items: _, ...tokens } = tokenSpecs(layout);
  return { ...tokens, vectors: { shape: [tokenCount(layout), width], dtype: 'float32' } };
}

/** What the user wants after every token, under fixed weights, without dropout: `[tokens, width]`. */
export function encodeStep(
  { rowLength }: Pick<BatchLayout, 'rowLength'>,
  encoder: SequenceEncoder,
): StepFunction {
  return ({ state, inputs, uniform }) => {
    const { vectors, ...tokens } = inputs;
    const read = { ...tokens, items: range(0, vectors!.shape[0]!, 1, 'int32') };
    const options = { rowLength, dropout: 0, uniform, groupedLinear };
    const encoded = encoder.encode(state, vectors as Tensor2D, packedTokens(read), options);
    return { outputs: { hidden: encoded.vectors } };
  };
}

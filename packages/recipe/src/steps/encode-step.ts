import { groupedLinear, type StepContext, type StepFunction } from '@rodpo/compile';
import type { SequenceEncoder } from '@rodpo/encoder';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { BatchLayout } from '../batches/batch-layout.ts';
import type { EncodedBatch } from './encoded-batch.ts';
import { featureTable } from './features.ts';
import { packedTokens } from './tokens.ts';

/** Name of the item vectors in the state of a program that reads sequences with fixed weights. */
export const candidates = 'candidates';

/** Every item under fixed weights, computed once: `[itemCount, width]`. */
export function itemsStep(encoder: SequenceEncoder): StepFunction {
  return ({ state }) => ({ outputs: { items: encoder.itemVectors(state, featureTable(state)) } });
}

/** A batch under fixed weights, without dropout; the items are the program's `candidates`. */
export function encodeBatch(
  { state, inputs, uniform }: StepContext,
  encoder: SequenceEncoder,
  { rowLength }: Pick<BatchLayout, 'rowLength'>,
): EncodedBatch {
  const items = state[candidates] as Tensor2D;
  const options = { rowLength, dropout: 0, uniform, groupedLinear };
  const { vectors } = encoder.encode(state, items, packedTokens(inputs), options);
  return { hidden: vectors, items };
}

/** What the user wants after every token, without dropout: `[tokens, width]`. */
export function encodeStep(
  layout: Pick<BatchLayout, 'rowLength'>,
  encoder: SequenceEncoder,
): StepFunction {
  return (context) => ({ outputs: { hidden: encodeBatch(context, encoder, layout).hidden } });
}

import { groupedLinear, type StepFunction } from '@rodpo/compile';
import type { SequenceEncoder } from '@rodpo/encoder';
import { matMul, type Tensor2D } from '@tensorflow/tfjs-core';
import type { BatchLayout } from '../batches/batch-layout.ts';
import { candidates } from './encode-step.ts';
import { packedTokens } from './tokens.ts';

/** Every item's score after every token, without dropout: `[tokens, itemCount]`. */
export function scoreStep(
  { rowLength }: Pick<BatchLayout, 'rowLength'>,
  encoder: SequenceEncoder,
): StepFunction {
  return ({ state, inputs, uniform }) => {
    const items = state[candidates] as Tensor2D;
    const options = { rowLength, dropout: 0, uniform, groupedLinear };
    const { vectors } = encoder.encode(state, items, packedTokens(inputs), options);
    return { outputs: { scores: matMul(vectors, items, false, true) } };
  };
}

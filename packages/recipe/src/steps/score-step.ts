import type { StepFunction } from '@rodpo/compile';
import type { SequenceEncoder } from '@rodpo/encoder';
import { matMul } from '@tensorflow/tfjs-core';
import type { BatchLayout } from '../batches/batch-layout.ts';
import { encodeBatch } from './encode-step.ts';

/** Every item's score after every token, without dropout: `[tokens, itemCount]`. */
export function scoreStep(
  layout: Pick<BatchLayout, 'rowLength'>,
  encoder: SequenceEncoder,
): StepFunction {
  return (context) => {
    const { hidden, items } = encodeBatch(context, encoder, layout);
    return { outputs: { scores: matMul(hidden, items, false, true) } };
  };
}

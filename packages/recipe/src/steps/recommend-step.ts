import { groupedLinear, type StepFunction, scan } from '@rodpo/compile';
import type { SequenceEncoder } from '@rodpo/encoder';
import { lookup } from '@rodpo/ops';
import { topItems } from '@rodpo/samplers/tfjs';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { type BatchLayout, usersPerBatch } from '../batches/batch-layout.ts';
import { candidates } from './encode-step.ts';
import { packedTokens, type Specs, tokenSpecs } from './tokens.ts';

export function recommendSpecs(layout: BatchLayout): Specs {
  return { ...tokenSpecs(layout), last: { shape: [usersPerBatch], dtype: 'int32' } };
}

/** The `count` best-scored items after each user's last token, best first, and their scores. */
export function recommendStep(
  { rowLength }: Pick<BatchLayout, 'rowLength'>,
  encoder: SequenceEncoder,
  count: number,
): StepFunction {
  return ({ state, inputs, uniform }) => {
    const items = state[candidates] as Tensor2D;
    const options = { rowLength, dropout: 0, uniform, groupedLinear };
    const { vectors } = encoder.encode(state, items, packedTokens(inputs), options);
    const users = lookup(vectors, inputs.last!);
    const best = topItems(users, items, { count, blockSize: usersPerBatch, scan });
    return { outputs: { items: best.items, scores: best.scores } };
  };
}

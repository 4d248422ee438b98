import { type StepFunction, scan } from '@rodpo/compile';
import type { SequenceEncoder } from '@rodpo/encoder';
import { lookup } from '@rodpo/ops';
import { topItems } from '@rodpo/samplers/tfjs';
import { type BatchLayout, usersPerBatch } from '../batches/batch-layout.ts';
import { encodeBatch } from './encode-step.ts';
import { type Specs, tokenSpecs } from './tokens.ts';

export function recommendSpecs(layout: BatchLayout): Specs {
  return { ...tokenSpecs(layout), last: { shape: [usersPerBatch], dtype: 'int32' } };
}

/** The `count` best-scored items after each user's last token, best first, and their scores. */
export function recommendStep(
  layout: Pick<BatchLayout, 'rowLength'>,
  encoder: SequenceEncoder,
  count: number,
): StepFunction {
  return (context) => {
    const { hidden, items } = encodeBatch(context, encoder, layout);
    const users = lookup(hidden, context.inputs.last!);
    const best = topItems(users, items, { count, blockSize: usersPerBatch, scan });
    return { outputs: { items: best.items, scores: best.scores } };
  };
}

import type { StepFunction } from '@rodpo/compile';
import type { SequenceEncoder } from '@rodpo/encoder';
import { lookup } from '@rodpo/ops';
import {
  add,
  cast,
  expandDims,
  gatherND,
  greaterEqual,
  logicalAnd,
  logicalNot,
  matMul,
  mul,
  notEqual,
  range,
  any as someOf,
  stack,
  sub,
  sum,
  type Tensor,
  isNaN as whereNaN,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { type BatchLayout, usersPerBatch } from '../batches/batch-layout.ts';
import { encodeBatch } from './encode-step.ts';
import { type Specs, tokenSpecs } from './tokens.ts';

/** @param maskedCount items left out of each user's ranking, fillers among them; 0 for none */
export function rankSpecs(layout: BatchLayout, maskedCount: number): Specs {
  const users = { shape: [usersPerBatch], dtype: 'int32' } as const;
  return {
    ...tokenSpecs(layout),
    /** Token after which each user is scored. */
    last: users,
    targets: users,
    ...(maskedCount > 0
      ? { masked: { shape: [usersPerBatch, maskedCount], dtype: 'int32' as const } }
      : {}),
  };
}

/**
 * Full ranking: each target's rank among all items by counting the scores that reach its own
 * (ties count against it), `[usersPerBatch]`. Masked items do not count; a target is never masked.
 * The rank is 0 where any score is not a number: no order is right there.
 */
export function rankStep(
  layout: Pick<BatchLayout, 'rowLength'>,
  encoder: SequenceEncoder,
): StepFunction {
  return (context) => {
    const { inputs } = context;
    const { hidden, items } = encodeBatch(context, encoder, layout);
    const scores = matMul(lookup(hidden, inputs.last!), items, false, true);
    // Read from the scores themselves: a separate dot product could round differently.
    const goals = pick(scores, expandDims(inputs.targets!, 1));
    const reaching = (values: Tensor) => greaterEqual(values, goals);
    const reached = sum(cast(reaching(scores), 'int32'), 1);
    const isRanked = logicalNot(someOf(whereNaN(scores), 1));
    const ranked = (ranks: Tensor) => ({
      outputs: { ranks: mul(ranks, cast(isRanked, 'int32')) },
    });
    const { masked } = inputs;
    if (!masked) return ranked(reached);

    const isOther = notEqual(masked, expandDims(inputs.targets!, 1));
    const counted = logicalAnd(isOther, reaching(pick(scores, masked)));
    return ranked(sub(reached, sum(cast(counted, 'int32'), 1)));
  };
}

/** `scores[r, columns[r, c]]`: `[rows, c]`. */
function pick(scores: Tensor, columns: Tensor): Tensor {
  const rows = expandDims(range(0, scores.shape[0]!, 1, 'int32'), 1);
  return gatherND(scores, stack([add(zerosLike(columns), rows), columns], 2));
}

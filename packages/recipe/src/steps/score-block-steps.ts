import type { StepFunction } from '@rodpo/compile';
import {
  cast,
  expandDims,
  gatherND,
  greaterEqual,
  matMul,
  range,
  reshape,
  stack,
  type Tensor2D,
  topk,
} from '@tensorflow/tfjs-core';
import type { Specs } from './tokens.ts';

/** How many users are compared with how many items at a time, and by how many numbers. */
export interface ScoreBlock {
  readonly users: number;
  readonly items: number;
  readonly width: number;
}

/** What `pairStep` and `bestStep` read. */
export function blockSpecs({ users, items, width }: ScoreBlock): Specs {
  return {
    users: { shape: [users, width], dtype: 'float32' },
    items: { shape: [items, width], dtype: 'float32' },
  };
}

function scoresOf({ users, items }: Record<string, unknown>): Tensor2D {
  return matMul(users as Tensor2D, items as Tensor2D, false, true);
}

/**
 * Scores of each user for the item of the same row, `[users]`. They are read from all pairs' scores: a
 * dot product of its own could round differently from those that it is compared with.
 */
export const pairStep: StepFunction = ({ inputs }) => {
  const rows = range(0, inputs.users!.shape[0]!, 1, 'int32');
  return { outputs: { scores: gatherND(scoresOf(inputs), stack([rows, rows], 1)) } };
};

export function countSpecs(block: ScoreBlock): Specs {
  return {
    ...blockSpecs(block),
    goals: { shape: [block.users], dtype: 'float32' },
    counted: { shape: [block.items], dtype: 'float32' },
  };
}

/** How many counted items score at least as much as each user's goal, `[users]`. */
export const countStep: StepFunction = ({ inputs }) => {
  const { goals, counted } = inputs;
  const reached = cast(greaterEqual(scoresOf(inputs), expandDims(goals!, 1)), 'float32');
  // A product with ones and zeros sums at the speed of products; it is exact up to 2²⁴ items.
  const counts = matMul(reached as Tensor2D, expandDims(counted!, 1) as Tensor2D);
  return { outputs: { counts: reshape(counts, [-1]) } };
};

/** The `count` best items of the block for each user, best first, ties to the lower index. */
export function bestStep(count: number): StepFunction {
  return ({ inputs }) => {
    const { indices, values } = topk(scoresOf(inputs), count);
    return { outputs: { items: indices, scores: values } };
  };
}

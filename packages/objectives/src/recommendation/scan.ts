import type { Tensor } from '@tensorflow/tfjs-core';

/** One step of a loop over slices: what to carry on, and what to stack. */
export interface LoopResult {
  readonly carry: Tensor[];
  readonly outputs: Tensor[];
}

/** A loop over the first axis of `sequences`, as `jax.lax.scan` or `scan` of `@rodpo/compile`. */
export type Scan = (
  body: (carry: Tensor[], slices: Tensor[]) => LoopResult,
  carry: Tensor[],
  sequences: Tensor[],
) => LoopResult;

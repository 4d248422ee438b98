import type { Tensor } from '@tensorflow/tfjs-core';

/** What one iteration of a loop, or the loop, has to say. */
export interface ScanResult {
  /** What goes on to the next iteration; in the end, the carry after the last one. */
  readonly carry: Tensor[];
  /** What an iteration returns; in the end, all of it stacked along a new first axis. */
  readonly outputs: Tensor[];
}

/** One iteration: the carry so far and this iteration's slice of every sequence. */
export type ScanBody = (carry: Tensor[], slices: Tensor[]) => ScanResult;

/** A loop over the first axis of `sequences`, as `jax.lax.scan` or `scan` of `@rodpo/compile`. */
export type Scan = (body: ScanBody, carry: Tensor[], sequences: Tensor[]) => ScanResult;

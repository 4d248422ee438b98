import { stack, type Tensor, unstack } from '@tensorflow/tfjs-core';

interface LoopResult {
  readonly carry: Tensor[];
  readonly outputs: Tensor[];
}

/** The plainest loop over slices, a `Scan` of `@rodpo/ops`: slice, call, stack. */
export function loop(
  body: (carry: Tensor[], slices: Tensor[]) => LoopResult,
  initial: Tensor[],
  sequences: Tensor[],
): LoopResult {
  const slices = sequences.map((sequence) => unstack(sequence));
  let carry = initial;
  const rows: Tensor[][] = [];
  for (let index = 0; index < sequences[0]!.shape[0]!; index++) {
    const result = body(
      carry,
      slices.map((slice) => slice[index]!),
    );
    carry = result.carry;
    rows.push(result.outputs);
  }
  return { carry, outputs: rows[0]!.map((_, column) => stack(rows.map((row) => row[column]!))) };
}

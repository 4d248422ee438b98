import {
  cast,
  greater,
  logicalAnd,
  notEqual,
  pad,
  reshape,
  slice,
  type Tensor,
  type Tensor1D,
  tidy,
} from '@tensorflow/tfjs-core';

/** 1 for the last token of every segment, else 0: `[tokens]` float32. `segments` `[tokens]` int32. */
export function lastTokens(segments: Tensor, rowLength: number): Tensor1D {
  return tidy(() => {
    const rows = reshape(segments, [-1, rowLength]);
    const next = pad(slice(rows, [0, 1]), [
      [0, 0],
      [0, 1],
    ]);
    const isLast = logicalAnd(greater(rows, 0), notEqual(rows, next));
    return cast(reshape(isLast, [-1]), 'float32') as Tensor1D;
  });
}

import {
  cast,
  greater,
  logicalAnd,
  mul,
  notEqual,
  pad,
  range,
  reshape,
  slice,
  sub,
  type Tensor,
  type Tensor1D,
  tidy,
  topk,
} from '@tensorflow/tfjs-core';

/** Where sequences end in a packed batch. */
export interface SequenceEnds {
  /** `[most]` int32: tokens, those of sequences first. */
  readonly tokens: Tensor1D;
  /** `[most]` float32: 1, or 0 for a token that fills the place of a sequence that is not there. */
  readonly weights: Tensor1D;
}

/** Of tokens, the sequences of which a batch is taken to have at most: shorter than four are few. */
const mostShare = 1 / 4;

/**
 * The last tokens of the batch's sequences, or of the first of them if they are more than a quarter of the
 * tokens: what compares all with all of them takes a sixteenth of the time then. `segments` `[tokens]` int32.
 */
export function sequenceEnds(segments: Tensor, rowLength: number): SequenceEnds {
  const count = segments.size;
  const most = Math.ceil(mostShare * count);
  return tidy(() => {
    const isLast = cast(reshape(lastOfRows(segments, rowLength), [-1]), 'float32');
    // The earlier, the larger, and distinct: the order of ties is not the same everywhere.
    const order = mul(isLast, sub(count, range(0, count)));
    const { values, indices } = topk(order, most);
    return {
      tokens: indices as Tensor1D,
      weights: cast(greater(values, 0), 'float32') as Tensor1D,
    };
  });
}

/** `[rows, rowLength]`: whether another sequence, padding or the end of the row comes next. */
function lastOfRows(segments: Tensor, rowLength: number): Tensor {
  const rows = reshape(segments, [-1, rowLength]);
  const next = pad(slice(rows, [0, 1]), [
    [0, 0],
    [0, 1],
  ]);
  return logicalAnd(greater(rows, 0), notEqual(rows, next));
}

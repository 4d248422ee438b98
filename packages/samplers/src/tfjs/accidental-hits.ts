import {
  equal,
  expandDims,
  logicalAnd,
  notEqual,
  range,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tidy,
} from '@tensorflow/tfjs-core';

/**
 * Which other rows of a batch chose the same item: `[n, n]` bool, false on the diagonal. An
 * in-batch softmax, whose `[n, n]` logits take the other rows' chosen items for negatives, must
 * leave these out.
 *
 * @param chosen `[n]` int32
 */
export function accidentalHits(chosen: Tensor): Tensor2D {
  return tidy(() => {
    const isPair = (values: Tensor1D, compare: typeof equal) =>
      compare(expandDims(values, 1), expandDims(values, 0));
    const rows = range(0, chosen.shape[0]!, 1, 'int32');
    const hits = logicalAnd(isPair(chosen as Tensor1D, equal), isPair(rows, notEqual));
    return hits as Tensor2D;
  });
}

import { stopGradient } from '@rodpo/ops';
import {
  cast,
  matMul,
  reshape,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tile,
} from '@tensorflow/tfjs-core';
import { isChosen } from './is-chosen.ts';

/**
 * How many real tokens chose each expert: `experts` `[n, k]` int32, `mask` `[n]` float32 (0 =
 * padding) → `[expertCount]` float32, a constant.
 */
export function choiceCounts(experts: Tensor2D, mask: Tensor, expertCount: number): Tensor1D {
  const activeCount = experts.shape[1];
  return stopGradient(() => {
    const isReal = reshape(tile(reshape(mask, [-1, 1]), [1, activeCount]), [-1, 1]) as Tensor2D;
    const isExpert = isChosen(experts, expertCount);
    return reshape(matMul(cast(isExpert, 'float32') as Tensor2D, isReal), [expertCount]);
  });
}

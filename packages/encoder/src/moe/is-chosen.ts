import { equal, range, reshape, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';

/**
 * Which choices are which expert: `experts` of any shape (int32) → `[expertCount, size]` bool. Experts
 * lead, so that the comparison runs along the tokens; along so few experts it is many times slower.
 */
export function isChosen(experts: Tensor, expertCount: number): Tensor2D {
  const numbers = reshape(range(0, expertCount, 1, 'int32'), [expertCount, 1]);
  return equal(reshape(experts, [1, experts.size]), numbers);
}

import { type StepContext, scan } from '@rodpo/compile';
import { linearCrossEntropy } from '@rodpo/objectives';
import type { Scalar } from '@tensorflow/tfjs-core';
import type { EncodedBatch } from './encoded-batch.ts';

/** Of the targets among all items, `blockSize` tokens at a time. */
export function crossEntropy(
  { hidden, items }: EncodedBatch,
  { targets, weights }: StepContext['inputs'],
  blockSize: number,
): Scalar {
  return linearCrossEntropy(hidden, items, targets!, { weights: weights!, blockSize, scan });
}

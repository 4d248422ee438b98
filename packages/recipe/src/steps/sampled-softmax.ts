import { type StepContext, scan } from '@rodpo/compile';
import { sampledCrossEntropy } from '@rodpo/objectives';
import { lookup } from '@rodpo/ops';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { candidateNames } from './candidate-settings.ts';
import type { EncodedBatch } from './encoded-batch.ts';

/** Items that chosen ones are compared with, and how likely each was to be one. */
export interface SampledCandidates {
  /** Distinct in each list: `[n]` int32, or `[g, n]` for `g` equal stretches of rows. */
  readonly items: Tensor;
  /** Logarithms of the probabilities: of the chosen items `[rows]`, and in the shape of `items`. */
  readonly logQ: { readonly chosen: Tensor; readonly candidates: Tensor };
  /** `[rows]`: 1 where the chosen item is among its candidates, else 0. */
  readonly isCandidate: Tensor;
}

/** What was drawn for a step, from its inputs. */
export function sampledCandidates(inputs: StepContext['inputs']): SampledCandidates {
  const names = candidateNames('softmax');
  return {
    items: inputs[names.items]!,
    logQ: { chosen: inputs[names.logQOfTargets]!, candidates: inputs[names.logQ]! },
    isCandidate: inputs[names.isCandidate]!,
  };
}

/** Cross-entropy of the targets among themselves and candidates, `blockSize` tokens at a time. */
export function sampledSoftmax(
  { hidden, items }: EncodedBatch,
  { targets, weights }: StepContext['inputs'],
  { items: candidates, logQ, isCandidate }: SampledCandidates,
  blockSize: number,
): Scalar {
  const stretch = hidden.shape[0] / (candidates.rank === 1 ? 1 : candidates.shape[0]!);
  return sampledCrossEntropy(
    { hidden, chosen: lookup(items, targets!), candidates: lookup(items, candidates) },
    {
      logQ,
      isCandidate,
      weights: weights!,
      blockSize: stretch % blockSize === 0 ? blockSize : stretch,
      scan,
    },
  );
}

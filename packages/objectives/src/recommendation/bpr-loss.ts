import { expandDims, softplus, sub, type Tensor1D } from '@tensorflow/tfjs-core';
import { type ListScores, meanOfKept, perRow } from '../negatives/list-scores.ts';

/**
 * Bayesian personalised ranking: `−log σ(s_w − s_j)` per row, the mean over its J rejected items:
 * `[n]`. Only differences count, so a shift of a row's scores changes nothing.
 *
 * The regularisation in the paper is not part of it: use weight decay.
 *
 * @throws {RangeError} if the shapes do not fit
 * @see Rendle et al., UAI 2009, https://arxiv.org/abs/1205.2618
 */
export function bprLoss(scores: ListScores): Tensor1D {
  return perRow({ scores }, (kept, columns) => {
    const { chosen, rejected } = columns!;
    return meanOfKept(softplus(sub(rejected, expandDims(chosen, 1))), kept);
  });
}

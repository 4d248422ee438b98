import { expandDims, mean, softplus, sub, type Tensor1D, tidy } from '@tensorflow/tfjs-core';
import { type ListScores, scoreColumns } from '../negatives/list-scores.ts';

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
  return tidy(() => {
    const { chosen, rejected } = scoreColumns(scores);
    return mean<Tensor1D>(softplus(sub(rejected, expandDims(chosen, 1))), 1);
  });
}

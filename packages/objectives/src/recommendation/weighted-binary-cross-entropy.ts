import { add, div, mul, neg, softplus, sum, type Tensor1D, tidy } from '@tensorflow/tfjs-core';
import { type ListScores, scoreColumns } from '../negatives/list-scores.ts';

/** `−(weight · log σ(s_w) + Σ_j log(1 − σ(s_j))) / (J + 1)` of each row: `[n]`. */
export function weightedBinaryCrossEntropy(scores: ListScores, weight: number): Tensor1D {
  return tidy(() => {
    const { chosen, rejected } = scoreColumns(scores);
    const ofChosen = mul(weight, softplus(neg(chosen)));
    return div(add(ofChosen, sum(softplus(rejected), 1)), rejected.shape[1] + 1) as Tensor1D;
  });
}

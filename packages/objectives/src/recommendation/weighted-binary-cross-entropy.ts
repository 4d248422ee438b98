import { add, div, mul, neg, softplus, sum, type Tensor1D } from '@tensorflow/tfjs-core';
import { select } from '../left-out.ts';
import { type ListScores, perRow } from '../negatives/list-scores.ts';

/** `−(weight · log σ(s_w) + Σ_j log(1 − σ(s_j))) / (J + 1)` of each row: `[n]`. */
export function weightedBinaryCrossEntropy(scores: ListScores, weight: number): Tensor1D {
  return perRow({ scores }, ({ mask, counts }, columns) => {
    const { chosen, rejected } = columns!;
    const ofChosen = mul(weight, softplus(neg(chosen)));
    const ofRejected = sum(select(mask, softplus(rejected), 0), 1);
    return div(add(ofChosen, ofRejected), add(counts, 1));
  });
}

import type { Tensor1D } from '@tensorflow/tfjs-core';
import type { ListScores } from '../negatives/list-scores.ts';
import { weightedBinaryCrossEntropy } from './weighted-binary-cross-entropy.ts';

/**
 * Binary cross-entropy: the chosen item should get probability σ(s) = 1, each rejected one 0.
 * `−(log σ(s_w) + Σ_j log(1 − σ(s_j))) / (J + 1)` per row, `[n]`.
 *
 * The mean is over the J + 1 items, as in gSASRec. SASRec's own code adds the means over chosen and
 * over rejected items: with one rejected item, twice this.
 *
 * @throws {RangeError} if the shapes do not fit
 * @see Kang & McAuley, "Self-Attentive Sequential Recommendation", ICDM 2018,
 * https://arxiv.org/abs/1808.09781, section III-E
 */
export function bceLoss(scores: ListScores): Tensor1D {
  return weightedBinaryCrossEntropy(scores, 1);
}

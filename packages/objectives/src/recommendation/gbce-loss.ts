import type { Tensor1D } from '@tensorflow/tfjs-core';
import { checkBetween, checkPositive } from '../check-number.ts';
import type { ListScores } from '../negatives/list-scores.ts';
import { weightedBinaryCrossEntropy } from './weighted-binary-cross-entropy.ts';

export interface GbceOptions {
  /** Share of the items other than the chosen one that are drawn as negatives: `J / (items − 1)`. */
  readonly samplingRate: number;
  /** 0 is plain binary cross-entropy, 1 calibrates fully. The authors advise the default, 0.75. */
  readonly calibration?: number;
}

/**
 * Generalised binary cross-entropy: `bceLoss` with `σ(s_w)^β` in place of `σ(s_w)`, which undoes the
 * overconfidence that comes from seeing few of the negatives. `−(β log σ(s_w) + Σ_j log(1 − σ(s_j)))
 * / (J + 1)` per row, `[n]`, with `β = α (t (1 − 1/α) + 1/α)`, α being `samplingRate` and t
 * `calibration`.
 *
 * For negatives drawn uniformly; the authors use many (256) and do not exclude known positives.
 * With more than a few, add `gbcePrior` to the scores.
 *
 * @throws {RangeError} if the shapes do not fit, `samplingRate` is not above 0 and at most 1, or
 * `calibration` is not between 0 and 1
 * @see Petrov & Macdonald, "gSASRec", RecSys 2023, https://arxiv.org/abs/2308.07192
 */
export function gbceLoss(scores: ListScores, options: GbceOptions): Tensor1D {
  return weightedBinaryCrossEntropy(scores, betaOf(options));
}

/**
 * The score at which `gbceLoss` is least if all items have the same: `log(β / J)`. Added to all scores,
 * it starts a model whose own scores are near 0 there, and no ranking changes. Without it, the first
 * that many negatives teach is to push every score down: item vectors go one way together, outputs the
 * other, until those of all histories are nearly the same and little can be learned from them.
 *
 * @param count J, rejected items per row
 * @throws {RangeError} if `count` or an option is out of its range
 * @see Lin et al., "Focal Loss", ICCV 2017, section 3.3, for a prior in place of a first lesson
 */
export function gbcePrior(count: number, options: GbceOptions): number {
  checkPositive('count', count);
  return Math.log(betaOf(options) / count);
}

function betaOf({ samplingRate, calibration = 0.75 }: GbceOptions): number {
  checkPositive('samplingRate', samplingRate);
  checkBetween('samplingRate', samplingRate, [0, 1]);
  checkBetween('calibration', calibration, [0, 1]);
  // The paper's β multiplied out.
  return calibration * (samplingRate - 1) + 1;
}

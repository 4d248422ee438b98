import {
  customGrad,
  expandDims,
  mul,
  notEqual,
  scatterND,
  sub,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { checkShape } from '../check-shape.ts';
import { select } from '../left-out.ts';
import { softmaxLosses, targetIndices } from './softmax-losses.ts';

/**
 * Full-softmax cross-entropy, `−log softmax(scores)[target]` of each row: `[n]` from `scores`
 * `[n, itemCount]` and `targets` `[n]` int32.
 *
 * A score of `−Infinity` leaves an item out of a row, as a mask does; a target may not be left out.
 * For scores that are products of vectors, `linearCrossEntropy` gives the weighted mean of the same
 * without holding them. Second derivatives are not available.
 *
 * @throws {RangeError} if the shapes do not fit
 */
export function softmaxCrossEntropy(scores: Tensor, targets: Tensor): Tensor1D {
  const [rows, itemCount] = scores.shape as [number, number];
  checkShape('scores', scores, [rows, itemCount]);
  checkShape('targets', targets, [rows]);

  const fused = customGrad((x, save) => {
    const { losses, probabilities } = softmaxLosses(x as Tensor2D, targets);
    // The targets too, because a `tidy` around the call may free them before the way back.
    (save as (tensors: Tensor[]) => void)([probabilities, targets]);
    return { value: losses, gradFunc: gradient };
  });
  return fused(scores) as Tensor1D;
}

/** `scale · (softmax − one-hot target)`, and 0 for rows that are not asked for, whatever they hold. */
function gradient(scale: Tensor, [probabilities, targets]: Tensor[]): Tensor {
  const ofTargets = scatterND(
    targetIndices(targets!),
    scale,
    probabilities!.shape as [number, number],
  ) as Tensor;
  const isAsked = expandDims(notEqual(scale, 0), 1);
  const ofScores = mul(select(isAsked, probabilities!, 0), expandDims(scale, 1));
  return sub(ofScores, ofTargets);
}

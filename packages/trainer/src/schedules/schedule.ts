import {
  cast,
  less,
  maximum,
  minimum,
  mul,
  scalar,
  sub,
  type Tensor,
  tidy,
  where,
} from '@tensorflow/tfjs-core';

/**
 * A learning rate by step. Steps are updates, counted from 0 as torch's schedulers count.
 *
 * Of a number it gives a number, for logs and plots. Of a tensor `[]` (int32 or float32) it gives
 * one (float32): a compiled step whose count is part of its state has the rate of every step
 * without being traced again. The two agree to float32's precision.
 */
export interface Schedule {
  (step: number): number;
  (step: Tensor): Tensor;
}

/** What a rate does after its warm-up, in JavaScript's numbers and in tensors. */
interface Decay {
  /** Step from which on the rate stays what it is. */
  readonly totalSteps: number;
  /** The rate where this share of the way is left: 1 after the warm-up, 0 at `totalSteps`. */
  readonly number: (left: number) => number;
  readonly tensor: (left: Tensor) => Tensor;
}

export interface Course {
  /** The rate that the warm-up rises to, from 0 in a straight line. */
  readonly learningRate: number;
  /** The first step at that rate. */
  readonly warmUpSteps: number;
  /** Default: the rate stays. */
  readonly decay?: Decay;
}

/** A schedule of these parts. */
export function scheduleOf({ learningRate, warmUpSteps, decay }: Course): Schedule {
  const slope = learningRate / Math.max(1, warmUpSteps);
  const length = decay ? Math.max(1, decay.totalSteps - warmUpSteps) : 1;

  const atNumber = (step: number): number => {
    if (step < warmUpSteps) return step * slope;
    if (!decay) return learningRate;
    return decay.number(Math.min(1, Math.max(0, (decay.totalSteps - step) / length)));
  };

  // Steps are exact in float32 up to 2^24, and so is the number of those that are left: what is
  // computed of it keeps its precision where the rate comes near 0.
  const atTensor = (step: Tensor): Tensor => {
    const at = cast(step, 'float32');
    const left = ({ totalSteps }: Decay) =>
      minimum(maximum(mul(sub(totalSteps, at), 1 / length), 0), 1);
    const full = decay ? decay.tensor(left(decay)) : scalar(learningRate);
    return warmUpSteps > 0 ? where(less(at, warmUpSteps), mul(at, slope), full) : full;
  };

  const rate = (step: number | Tensor) =>
    typeof step === 'number' ? atNumber(step) : tidy(() => atTensor(step));
  return rate as Schedule;
}

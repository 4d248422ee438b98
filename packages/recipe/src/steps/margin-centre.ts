import type { NamedArray } from '@rodpo/files';
import { weightedMean } from '@rodpo/objectives';
import { stopGradient } from '@rodpo/ops';
import { add, div, maximum, mul, sum, type Tensor } from '@tensorflow/tfjs-core';

/** Share of the running mean that a step leaves: it remembers about ten steps. */
const decay = 0.9;

const [total, weight] = ['margin.total', 'margin.weight'];

/** What a running mean of margins begins with: nothing. */
export function centreState(): Record<string, NamedArray> {
  const nothing = () => ({ shape: [], data: new Float32Array(1) });
  return { [total]: nothing(), [weight]: nothing() };
}

/**
 * The running mean of margins, those of this step among them, each step's by the weight of its pairs: so it
 * is right from the first step on, where it is the mean of the step itself. A constant to gradients.
 *
 * @param state totals so far, under the names of `centreState`
 * @param next is told their next values
 */
export function marginCentre(
  state: Readonly<Record<string, Tensor>>,
  next: (name: string, value: Tensor) => void,
): (margins: Tensor, weights: Tensor) => Tensor {
  return (margins, weights) => {
    const moved = (name: string, own: Tensor) => {
      const value = stopGradient(() => add(mul(decay, state[name]!), mul(1 - decay, own)));
      next(name, value);
      return value;
    };
    const count = stopGradient(() => sum(weights));
    const own = stopGradient(() => mul(weightedMean(margins, weights), count));
    const [totals, counts] = [moved(total, own), moved(weight, count)];
    // Without a pair so far both are 0, and so is the mean.
    return stopGradient(() => div(totals, maximum(counts, 1e-6)));
  };
}

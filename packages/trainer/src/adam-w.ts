import { actionable } from '@rodpo/errors';
import { add, mul, sub, type Tensor } from '@tensorflow/tfjs-core';
import { type AdamOptions, type AdamUpdate, adamUpdate } from './adam.ts';

export interface AdamWOptions extends AdamOptions {
  /**
   * Share of a weight that a step at learning rate 1 takes away, beside what the gradient does.
   * Default 0.01, as in torch.
   */
  readonly weightDecay?: number;
  /**
   * Whether the parameter of this name decays. Norms and biases usually do not:
   * `(name) => !/(bias|norm\.(scale|offset))$/.test(name)`. Default: all do.
   */
  readonly decays?: (name: string) => boolean;
}

/**
 * One step of Adam with decoupled weight decay: a weight loses `learningRate · weightDecay` of
 * itself, which the moments know nothing of. Pure, and its state is that of `adamState`.
 *
 * @throws {RangeError} if a parameter has no gradient or no state, or (actionable) if `learningRate`
 * or `weightDecay` is negative or no number
 * @throws {Error} if a gradient or its state differs from the parameter in shape
 * @see Loshchilov and Hutter, 2019, https://arxiv.org/abs/1711.05101, algorithm 2, in the form of
 * `torch.optim.AdamW`
 */
export function adamW(
  parameters: Readonly<Record<string, Tensor>>,
  gradients: Readonly<Record<string, Tensor>>,
  state: Readonly<Record<string, Tensor>>,
  { weightDecay = 0.01, decays = () => true, ...options }: AdamWOptions,
): AdamUpdate {
  if (!(weightDecay >= 0)) {
    throw actionable(new RangeError(`weightDecay must be a number from 0, got ${weightDecay}`));
  }
  const { learningRate } = options;
  const lost = (parameter: Tensor) =>
    mul(
      parameter,
      typeof learningRate === 'number'
        ? learningRate * weightDecay
        : mul(learningRate, weightDecay),
    );
  // What a weight loses is added to the step, and not taken as a factor 1 − ε of the weight: in
  // float32 that factor has few of ε's digits, and they would be wrong the same way every step.
  const apply = (parameter: Tensor, step: Tensor, name: string) =>
    sub(parameter, weightDecay > 0 && decays(name) ? add(lost(parameter), step) : step);
  return adamUpdate(parameters, gradients, state, { ...options, caller: 'adamW', apply });
}

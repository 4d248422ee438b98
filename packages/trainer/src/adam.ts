import type { NamedArray, NamedArrays } from '@rodpo/files';
import { add, div, mul, sqrt, square, sub, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { named } from './named.ts';
import { requireRate } from './require-rate.ts';
import { zerosOf } from './zeros-of.ts';

export interface AdamOptions {
  /** A number, or a tensor `[]` such as a `Schedule` gives. */
  readonly learningRate: number | Tensor;
  /** Share of the first moment that a step keeps. Default 0.9. */
  readonly beta1?: number;
  /** Share of the second moment that a step keeps. Default 0.999. */
  readonly beta2?: number;
  /** Default 1e-8, added to the root of the second moment. */
  readonly epsilon?: number;
}

export interface AdamUpdate {
  /** New values of all parameters, by name. */
  readonly parameters: Record<string, Tensor>;
  /** The optimiser's new state, under the names `adamState` gave it. */
  readonly state: Record<string, Tensor>;
}

const first = (name: string) => `adam.first.${name}`;
const second = (name: string) => `adam.second.${name}`;

/**
 * Moments of the constant gradient 1, which Adam's bias correction divides by. No parameter's
 * moments can have these names.
 */
const unitFirst = 'adam.unit.first';
const unitSecond = 'adam.unit.second';

/**
 * The state of `adam` and `adamW` before the first step: all zeros, two moments of a parameter's
 * shape under its name, and two `[]` of the optimiser's own.
 */
export function adamState(parameters: NamedArrays): Record<string, NamedArray> {
  const state: Record<string, NamedArray> = { [unitFirst]: zerosOf([]), [unitSecond]: zerosOf([]) };
  for (const [name, { shape }] of Object.entries(parameters)) {
    state[first(name)] = zerosOf(shape);
    state[second(name)] = zerosOf(shape);
  }
  return state;
}

/**
 * One step of Adam with bias correction, in PyTorch's form. Pure: it returns new parameters and
 * new state and changes nothing.
 *
 * @throws {RangeError} if a parameter has no gradient or no state, or (actionable) if `learningRate` is no finite
 * number from 0
 * @throws {Error} if a gradient or its state differs from the parameter in shape
 * @see Kingma and Ba, 2015, https://arxiv.org/abs/1412.6980, algorithm 1
 */
export function adam(
  parameters: Readonly<Record<string, Tensor>>,
  gradients: Readonly<Record<string, Tensor>>,
  state: Readonly<Record<string, Tensor>>,
  options: AdamOptions,
): AdamUpdate {
  const rule = { caller: 'adam', apply: (parameter: Tensor, step: Tensor) => sub(parameter, step) };
  return adamUpdate(parameters, gradients, state, { ...options, ...rule });
}

/** How a step of Adam, moments and bias correction done, changes a parameter. */
interface Rule extends AdamOptions {
  readonly caller: string;
  readonly apply: (parameter: Tensor, step: Tensor, name: string) => Tensor;
}

/** What `adam` and `adamW` have in common. */
export function adamUpdate(
  parameters: Readonly<Record<string, Tensor>>,
  gradients: Readonly<Record<string, Tensor>>,
  state: Readonly<Record<string, Tensor>>,
  { learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, caller, apply }: Rule,
): AdamUpdate {
  if (typeof learningRate === 'number') requireRate('learningRate', learningRate);
  return tidy(() => {
    const next: Record<string, Tensor> = {};
    const decayed = (name: string, shape: number[], share: number, value: Tensor | number) => {
      const before = named(state, name, { role: 'state', shape, caller });
      const moment = add(mul(before, share), mul(value, 1 - share));
      next[name] = moment;
      return moment;
    };

    const rate = div(learningRate, decayed(unitFirst, [], beta1, 1));
    const secondRoot = sqrt(decayed(unitSecond, [], beta2, 1));
    const updated = Object.entries(parameters).map(([name, parameter]) => {
      const { shape } = parameter;
      const gradient = named(gradients, name, { role: 'gradient', shape, caller });
      const m = decayed(first(name), shape, beta1, gradient);
      const v = decayed(second(name), shape, beta2, square(gradient));
      const step = div(mul(m, rate), add(div(sqrt(v), secondRoot), epsilon));
      return [name, apply(parameter, step, name)] as const;
    });
    return { parameters: Object.fromEntries(updated), state: next } as never;
  }) as AdamUpdate;
}

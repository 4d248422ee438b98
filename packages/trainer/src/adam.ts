import { add, div, mul, sqrt, square, sub, type Tensor, tidy } from '@tensorflow/tfjs-core';
import type { NamedArray, NamedArrays } from './named-array.ts';

export interface AdamOptions {
  readonly learningRate: number;
  /** Default 0.9. */
  readonly beta1?: number;
  /** Default 0.999. */
  readonly beta2?: number;
  /** Default 1e-8, added to the root of the second moment. */
  readonly epsilon?: number;
}

export interface AdamUpdate {
  readonly parameters: Record<string, Tensor>;
  /** The optimiser's new state, under the names `adamState` gave it. */
  readonly state: Record<string, Tensor>;
}

/** Moments of the constant gradient 1: what Adam's bias correction divides by. */
const unit = 'unit';
const first = (name: string) => `adam.first.${name}`;
const second = (name: string) => `adam.second.${name}`;

/** The optimiser's state before the first step: all zeros, for every parameter. */
export function adamState(parameters: NamedArrays): Record<string, NamedArray> {
  const state: Record<string, NamedArray> = {};
  for (const [name, shape] of [[unit, []], ...shapesOf(parameters)] as [string, number[]][]) {
    const size = shape.reduce((product, extent) => product * extent, 1);
    state[first(name)] = { shape, data: new Float32Array(size) };
    state[second(name)] = { shape, data: new Float32Array(size) };
  }
  return state;
}

/**
 * One step of Adam with bias correction, in PyTorch's form. Pure: it returns new parameters and
 * new state and changes nothing.
 *
 * @see Kingma and Ba, 2015, https://arxiv.org/abs/1412.6980, algorithm 1
 */
export function adam(
  parameters: Readonly<Record<string, Tensor>>,
  gradients: Readonly<Record<string, Tensor>>,
  state: Readonly<Record<string, Tensor>>,
  { learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamOptions,
): AdamUpdate {
  return tidy(() => {
    const next: Record<string, Tensor> = {};
    const moments = (name: string, gradient: Tensor | number, squared: Tensor | number) => {
      const m = add(mul(state[first(name)]!, beta1), mul(gradient, 1 - beta1));
      const v = add(mul(state[second(name)]!, beta2), mul(squared, 1 - beta2));
      next[first(name)] = m;
      next[second(name)] = v;
      return [m, v] as const;
    };

    const [firstScale, secondScale] = moments(unit, 1, 1);
    const rate = div(learningRate, firstScale);
    const secondRoot = sqrt(secondScale);
    const updated = Object.entries(parameters).map(([name, parameter]) => {
      const gradient = gradients[name]!;
      const [m, v] = moments(name, gradient, square(gradient));
      const step = div(mul(m, rate), add(div(sqrt(v), secondRoot), epsilon));
      return [name, sub(parameter, step)] as const;
    });
    return { parameters: Object.fromEntries(updated), state: next } as never;
  }) as AdamUpdate;
}

function shapesOf(parameters: NamedArrays): [string, readonly number[]][] {
  return Object.entries(parameters).map(([name, { shape }]) => [name, shape]);
}

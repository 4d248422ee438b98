import type { NamedArray, NamedArrays } from '@rodpo/files';
import { add, div, mul, sqrt, square, sub, type Tensor, tidy, util } from '@tensorflow/tfjs-core';

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

const first = (name: string) => `adam.first.${name}`;
const second = (name: string) => `adam.second.${name}`;

/**
 * Moments of the constant gradient 1, which Adam's bias correction divides by. No parameter's
 * moments can have these names.
 */
const unitFirst = 'adam.unit.first';
const unitSecond = 'adam.unit.second';

/** The optimiser's state before the first step: all zeros, for every parameter. */
export function adamState(parameters: NamedArrays): Record<string, NamedArray> {
  const zeros = (shape: readonly number[]): NamedArray => ({
    shape,
    data: new Float32Array(shape.reduce((product, extent) => product * extent, 1)),
  });
  const state: Record<string, NamedArray> = { [unitFirst]: zeros([]), [unitSecond]: zeros([]) };
  for (const [name, { shape }] of Object.entries(parameters)) {
    state[first(name)] = zeros(shape);
    state[second(name)] = zeros(shape);
  }
  return state;
}

/**
 * One step of Adam with bias correction, in PyTorch's form. Pure: it returns new parameters and
 * new state and changes nothing.
 *
 * @throws {RangeError} if a parameter has no gradient or no state
 * @throws {Error} if a gradient or its state differs from the parameter in shape
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
    const decayed = (name: string, shape: number[], share: number, value: Tensor | number) => {
      const moment = add(mul(named(state, name, 'state', shape), share), mul(value, 1 - share));
      next[name] = moment;
      return moment;
    };

    const rate = div(learningRate, decayed(unitFirst, [], beta1, 1));
    const secondRoot = sqrt(decayed(unitSecond, [], beta2, 1));
    const updated = Object.entries(parameters).map(([name, parameter]) => {
      const { shape } = parameter;
      const gradient = named(gradients, name, 'gradient', shape);
      const m = decayed(first(name), shape, beta1, gradient);
      const v = decayed(second(name), shape, beta2, square(gradient));
      const step = div(mul(m, rate), add(div(sqrt(v), secondRoot), epsilon));
      return [name, sub(parameter, step)] as const;
    });
    return { parameters: Object.fromEntries(updated), state: next } as never;
  }) as AdamUpdate;
}

function named(
  tensors: Readonly<Record<string, Tensor>>,
  name: string,
  role: string,
  shape: number[],
): Tensor {
  const tensor = tensors[name];
  if (!tensor) {
    throw new RangeError(`Expected a ${role} '${name}', got none. Give one to every parameter.`);
  }
  util.assertShapesMatch(tensor.shape, shape, `adam: ${role} '${name}':`);
  return tensor;
}

import type { NamedArray, NamedArrays } from '@rodpo/files';
import { add, mul, sub, type Tensor, tidy } from '@tensorflow/tfjs-core';
import type { AdamUpdate } from './adam.ts';
import { named } from './named.ts';
import { requireRate } from './require-rate.ts';
import { zerosOf } from './zeros-of.ts';

export interface SgdOptions {
  /** A number, or a tensor `[]` such as a `Schedule` gives. */
  readonly learningRate: number | Tensor;
  /** Share of the velocity that a step keeps. Default 0: no velocity, and no state. */
  readonly momentum?: number;
  /** Looks ahead along the velocity (Nesterov). Default false. */
  readonly nesterov?: boolean;
  /** Added to the gradient as this share of the parameter (not decoupled). Default 0. */
  readonly weightDecay?: number;
}

const velocity = (name: string) => `sgd.velocity.${name}`;

/** The state of `sgd` with momentum before the first step: a velocity of 0 per parameter. */
export function sgdState(parameters: NamedArrays): Record<string, NamedArray> {
  const velocities = Object.entries(parameters).map(
    ([name, { shape }]) => [velocity(name), zerosOf(shape)] as const,
  );
  return Object.fromEntries(velocities);
}

/**
 * One step of gradient descent, with momentum if asked for. Pure.
 *
 * @param state of `sgdState`; without momentum it is not read and none is returned
 * @throws {RangeError} if a parameter has no gradient or no state, or (actionable) if `learningRate` is no finite
 * number from 0
 * @throws {Error} if a gradient or its state differs from the parameter in shape
 * @see Sutskever et al., ICML 2013, in the form of `torch.optim.SGD` (with `dampening=0`)
 */
export function sgd(
  parameters: Readonly<Record<string, Tensor>>,
  gradients: Readonly<Record<string, Tensor>>,
  state: Readonly<Record<string, Tensor>>,
  { learningRate, momentum = 0, nesterov = false, weightDecay = 0 }: SgdOptions,
): AdamUpdate {
  if (typeof learningRate === 'number') requireRate('learningRate', learningRate);
  return tidy(() => {
    const next: Record<string, Tensor> = {};
    const updated = Object.entries(parameters).map(([name, parameter]) => {
      const of = { shape: parameter.shape, caller: 'sgd' };
      const raw = named(gradients, name, { role: 'gradient', ...of });
      const gradient = weightDecay === 0 ? raw : add(raw, mul(parameter, weightDecay));
      if (momentum === 0) return [name, sub(parameter, mul(gradient, learningRate))] as const;
      const before = named(state, velocity(name), { role: 'state', ...of });
      const moved = add(mul(before, momentum), gradient);
      next[velocity(name)] = moved;
      const direction = nesterov ? add(gradient, mul(moved, momentum)) : moved;
      return [name, sub(parameter, mul(direction, learningRate))] as const;
    });
    return { parameters: Object.fromEntries(updated), state: next } as never;
  }) as AdamUpdate;
}

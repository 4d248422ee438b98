import { requirePositiveInteger } from '@rodpo/errors';
import type { NamedArray, NamedArrays } from '@rodpo/files';
import {
  add,
  equal,
  mod,
  mul,
  scalar,
  type Tensor,
  tidy,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { named } from './named.ts';
import { zerosOf } from './zeros-of.ts';

export interface AccumulatedGradients<Name extends string = string> {
  /** Means of the micro-batches since the last update, where one is due; a part of them before. */
  readonly gradients: Record<Name, Tensor>;
  /** Whether this was the last micro-batch of an update, bool `[]`: see `choose`. */
  readonly isDue: Tensor;
  /** The new state, under the names `accumulationState` gave it. */
  readonly state: Record<string, Tensor>;
}

const sumOf = (name: string) => `accumulated.gradient.${name}`;
/** Micro-batches since the last update. */
const count = 'accumulated.count';

/** The state of `accumulate` before the first micro-batch: zeros, and a count (int32 `[]`) of 0. */
export function accumulationState(parameters: NamedArrays): Record<string, NamedArray> {
  const sums = Object.entries(parameters).map(
    ([name, { shape }]) => [sumOf(name), zerosOf(shape)] as const,
  );
  return { [count]: { shape: [], data: new Int32Array(1) }, ...Object.fromEntries(sums) };
}

/**
 * Gathers gradients over `steps` micro-batches, so that an update sees the mean of them: of losses
 * that are means over equally many examples, that is the gradient of one batch `steps` times as
 * large. Pure, and without control flow: every micro-batch computes the same, and `choose` takes
 * the update where `isDue` says so.
 *
 * Where micro-batches differ in size, weigh the loss: times `steps · examples / examples of them all`.
 *
 * @throws {RangeError} if a gradient has no state, or (actionable) unless `steps` is an integer from 1
 * @throws {Error} if a gradient differs from its state in shape
 */
export function accumulate<Name extends string>(
  gradients: Readonly<Record<Name, Tensor>>,
  state: Readonly<Record<string, Tensor>>,
  steps: number,
): AccumulatedGradients<Name> {
  requirePositiveInteger('steps', steps);
  return tidy(() => {
    const before = named(state, count, { role: 'state', shape: [], caller: 'accumulate' });
    const next = mod(add(before, scalar(1, 'int32')), scalar(steps, 'int32'));
    const isDue = equal(next, scalar(0, 'int32'));
    const means: Record<string, Tensor> = {};
    const sums: Record<string, Tensor> = { [count]: next };
    for (const [name, gradient] of Object.entries<Tensor>(gradients)) {
      const { shape } = gradient;
      const sum = named(state, sumOf(name), { role: 'state', shape, caller: 'accumulate' });
      const mean = add(sum, mul(gradient, 1 / steps));
      means[name] = mean;
      sums[sumOf(name)] = where(isDue, zerosLike(mean), mean);
    }
    return { gradients: means, isDue, state: sums } as never;
  }) as AccumulatedGradients<Name>;
}

/**
 * All tensors of the one or of the other, by name: `taken` where the condition (bool `[]`) holds,
 * else `left`. Nothing of what is not chosen comes through, not even what is no number.
 *
 * @throws {RangeError} if `left` lacks a name of `taken`
 * @throws {Error} if two of a name differ in shape
 */
export function choose<Name extends string>(
  condition: Tensor,
  taken: Readonly<Record<Name, Tensor>>,
  left: Readonly<Record<Name, Tensor>>,
): Record<Name, Tensor> {
  return tidy(() => {
    const chosen = Object.entries<Tensor>(taken).map(([name, tensor]) => {
      const other = named(left, name, { role: 'tensor', shape: tensor.shape, caller: 'choose' });
      return [name, where(condition, tensor, other)] as const;
    });
    return Object.fromEntries(chosen) as never;
  }) as Record<Name, Tensor>;
}

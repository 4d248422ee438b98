import { actionable } from '@rodpo/errors';
import type { NamedArray, NamedArrays } from '@rodpo/files';
import {
  add,
  cast,
  equal,
  maximum,
  mul,
  pow,
  scalar,
  sub,
  type Tensor,
  tidy,
  where,
} from '@tensorflow/tfjs-core';
import { named } from './named.ts';

export interface AverageOptions {
  /** Share of the average that an update keeps, in [0, 1): 0.999 looks back some 1,000 updates. */
  readonly decay: number;
  /**
   * Lets the first updates count for more: of update n, counted from 0, the average keeps
   * `1 − (1 + n / gamma)^−power` if that is less. `true` is `{ gamma: 1, power: 2 / 3 }`, for long
   * trainings; 3 / 4 is for short ones. Default false.
   */
  readonly warmUp?: boolean | { readonly gamma?: number; readonly power?: number };
}

const prefix = 'average.weights.';
/** Updates so far. */
const count = 'average.count';

/** The state of `average` before the first update: the weights themselves, and a count (int32 `[]`). */
export function averageState(parameters: NamedArrays): Record<string, NamedArray> {
  const copies = Object.entries(parameters).map(
    ([name, { shape, data }]) => [prefix + name, { shape, data: data.slice() }] as const,
  );
  return { [count]: { shape: [], data: new Int32Array(1) }, ...Object.fromEntries(copies) };
}

/**
 * Exponential moving averages of weights, after an update: `average + (1 − decay) · (weight −
 * average)`. The first update takes the weights as they are. Pure.
 *
 * @param parameters the weights after the update
 * @returns the new state, under the names `averageState` gave it
 * @throws {RangeError} if a parameter has no state, or (actionable) if an option is out of its range
 * @throws {Error} if a parameter differs from its average in shape
 * @see Polyak and Juditsky, 1992; `torch.optim.swa_utils.AveragedModel` with `get_ema_multi_avg_fn`;
 * `timm.utils.ModelEmaV3` for the warm-up
 */
export function average(
  parameters: Readonly<Record<string, Tensor>>,
  state: Readonly<Record<string, Tensor>>,
  options: AverageOptions,
): Record<string, Tensor> {
  return tidy(() => {
    const updates = named(state, count, { role: 'state', shape: [], caller: 'average' });
    const share = shareOf(updates, options);
    const averages = Object.entries(parameters).map(([name, weight]) => {
      const of = { role: 'state', shape: weight.shape, caller: 'average' };
      const before = named(state, prefix + name, of);
      return [prefix + name, add(before, mul(sub(weight, before), share))] as const;
    });
    const next = add(updates, scalar(1, 'int32'));
    return { [count]: next, ...Object.fromEntries(averages) } as never;
  }) as Record<string, Tensor>;
}

/**
 * The averages in a state, under the parameters' names, to evaluate with. Takes a state of tensors
 * or of arrays, with other things in it or without.
 */
export function averagesOf<Value>(state: Readonly<Record<string, Value>>): Record<string, Value> {
  const averages = Object.entries(state)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, value]) => [name.slice(prefix.length), value] as const);
  return Object.fromEntries(averages);
}

/** What an update gives of the weight; 1 less this is the decay, and keeps fewer of its digits. */
function shareOf(updates: Tensor, { decay, warmUp = false }: AverageOptions): Tensor {
  if (!(decay >= 0 && decay < 1)) {
    throw actionable(
      new RangeError(`decay must be from 0 to below 1, got ${decay}. 0.999 is common.`),
    );
  }
  if (warmUp === false) return where(equal(updates, scalar(0, 'int32')), 1, 1 - decay);
  const { gamma = 1, power = 2 / 3 } = warmUp === true ? {} : warmUp;
  if (!(gamma > 0 && power > 0)) {
    throw actionable(
      new RangeError(`gamma and power must be positive numbers, got ${gamma} and ${power}`),
    );
  }
  const grown = add(mul(cast(updates, 'float32'), 1 / gamma), 1);
  return maximum(pow(grown, -power), 1 - decay);
}

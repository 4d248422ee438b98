import {
  add,
  cast,
  cumsum,
  customGrad,
  floorDiv,
  gather,
  mul,
  range,
  reshape,
  scalar,
  scatterND,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tidy,
} from '@tensorflow/tfjs-core';
import { isChosen } from './is-chosen.ts';

/**
 * Which row goes where when the choices of all tokens are sorted by expert. A choice is an entry of
 * `experts` `[n, k]`, numbered row by row; there are `n · k`, whatever the routing says, so that
 * every shape is known before any value is. All int32, all constants.
 */
export interface Dispatch {
  /** `[n · k]`: the choice that each sorted row belongs to. */
  readonly choices: Tensor1D;
  /** `[n · k]`: the token that each sorted row is of. */
  readonly tokens: Tensor1D;
  /** `[n · k]`: the sorted row of each choice; the inverse of `choices`. */
  readonly places: Tensor1D;
  /** `[experts]`: sorted rows of each expert. */
  readonly counts: Tensor1D;
}

/**
 * Sorts choices `[n, k]` (int32) by expert, stably.
 *
 * Nothing is compared: in a table of one row for each expert, with a 1 where a choice is that
 * expert, the place of a choice is the number of ones before its own.
 */
export function dispatch(experts: Tensor2D, expertCount: number): Dispatch {
  const [n, activeCount] = experts.shape;
  const size = n * activeCount;
  return tidy(() => {
    const flat = reshape(experts, [size]);
    const numbers = range(0, size, 1, 'int32');
    const ones = cast(isChosen(experts, expertCount), 'int32');
    const before = cumsum(reshape(ones, [-1]), 0, true);
    const cells = add(mul(flat, scalar(size, 'int32')), numbers) as Tensor1D;
    const places = gather(before, cells) as Tensor1D;
    const choices = scatterND(reshape(places, [size, 1]), numbers, [size]) as Tensor1D;
    const tokens = activeCount === 1 ? choices : floorDiv(choices, scalar(activeCount, 'int32'));
    return { choices, tokens, places, counts: sum(ones, 1) };
  }) as Dispatch;
}

/** Rows of `x` `[n, width]`, one for each choice, sorted by expert: `[n · k, width]`. */
export function toExperts(x: Tensor2D, { tokens, places }: Dispatch): Tensor2D {
  const [n, width] = x.shape;
  const send = customGrad((rows, save) => {
    (save as (tensors: Tensor[]) => void)([places]);
    return {
      value: gather(rows as Tensor2D, tokens),
      // Each token's gradients lie at its places: they are read, not added up in a scatter.
      gradFunc: (gradient: Tensor, saved: Tensor[]) =>
        overChoices(gather(gradient, saved[0] as Tensor1D), [n, width]),
    };
  });
  return send(x) as Tensor2D;
}

/**
 * What the experts say, back with the tokens: `sorted` `[n · k, width]` → `[n, width]`, the sum over
 * each token's choices times their `weights` `[n, k]`.
 */
export function fromExperts(sorted: Tensor2D, weights: Tensor2D, plan: Dispatch): Tensor2D {
  const [n, activeCount] = weights.shape;
  const width = sorted.shape[1];
  const combine = customGrad((outputs, factors, save) => {
    const { choices, tokens, places } = plan;
    const [rows, shares] = [outputs as Tensor, factors as Tensor];
    (save as (tensors: Tensor[]) => void)([rows, shares, choices, tokens, places]);
    const weighted = mul(
      reshape(gather(rows, places), [n, activeCount, width]),
      reshape(shares, [n, activeCount, 1]),
    );
    return { value: overChoices(weighted, [n, width]), gradFunc: combineGradient };
  });
  return combine(sorted, weights) as Tensor2D;
}

function combineGradient(gradient: Tensor, saved: Tensor[]): Tensor[] {
  const [outputs, weights, choices, tokens, places] = saved as [
    Tensor2D,
    Tensor2D,
    Tensor1D,
    Tensor1D,
    Tensor1D,
  ];
  const sent = gather(gradient as Tensor2D, tokens);
  const factors = gather(reshape(weights, [-1]), choices);
  const ofWeights = gather(sum(mul(sent, outputs), 1), places);
  return [mul(sent, reshape(factors, [-1, 1])), reshape(ofWeights, weights.shape)];
}

function overChoices(values: Tensor, [n, width]: [number, number]): Tensor2D {
  const activeCount = values.size / (n * width);
  if (activeCount === 1) return reshape(values, [n, width]);
  return sum(reshape(values, [n, activeCount, width]), 1);
}

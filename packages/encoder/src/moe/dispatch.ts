import { splitEvenly } from '@rodpo/ops';
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
    const tokens = activeCount === 1 ? choices : gather(tokenOf(numbers, activeCount), choices);
    return { choices, tokens, places, counts: sum(ones, 1) };
  }) as Dispatch;
}

/** `[n · k]`: the token of each choice. */
function tokenOf(numbers: Tensor1D, activeCount: number): Tensor1D {
  return floorDiv(numbers, scalar(activeCount, 'int32'));
}

/** Rows of `x` `[n, width]`, one for each choice, sorted by expert: `[n · k, width]`. */
export function toExperts(x: Tensor2D, { tokens, places }: Dispatch): Tensor2D {
  const [n] = x.shape;
  const send = customGrad((rows, save) => {
    (save as (tensors: Tensor[]) => void)([places]);
    return {
      value: gather(rows as Tensor2D, tokens),
      // Each token's gradients lie at its places: they are read, not added up in a scatter.
      gradFunc: (gradient: Tensor, [saved]: Tensor[]) =>
        total(columns(saved!, n).map((place) => gather(gradient, place))),
    };
  });
  return send(x) as Tensor2D;
}

/**
 * What the experts say, back with the tokens: `sorted` `[n · k, width]` → `[n, width]`, the sum over
 * each token's choices times their `weights` `[n, k]`.
 */
export function fromExperts(sorted: Tensor2D, weights: Tensor2D, plan: Dispatch): Tensor2D {
  const [n] = weights.shape;
  const combine = customGrad((outputs, factors, save) => {
    const { choices, tokens, places } = plan;
    const [rows, shares] = [outputs as Tensor, factors as Tensor];
    (save as (tensors: Tensor[]) => void)([rows, shares, choices, tokens, places]);
    const share = columns(shares, n);
    const weighted = columns(places, n).map((place, choice) =>
      mul(gather(rows, place), reshape(share[choice]!, [n, 1])),
    );
    return { value: total(weighted), gradFunc: combineGradient };
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

/** First choices of all `n` tokens, second ones, … of `values` `[n · k]`: k times `[n]`. */
function columns(values: Tensor, n: number): Tensor1D[] {
  const count = values.size / n;
  const parts = splitEvenly(reshape(values, [n, count]), count, 1);
  return parts.map((part) => reshape(part, [n]));
}

/** One by one: the sum along an axis of so few is slower. */
function total(tensors: readonly Tensor[]): Tensor {
  return tensors.reduce((sum, tensor) => add(sum, tensor));
}

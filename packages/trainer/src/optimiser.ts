import { actionable, requirePositiveInteger } from '@rodpo/errors';
import type { NamedArray, NamedArrays } from '@rodpo/files';
import { add, scalar, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { accumulate, accumulationState, choose } from './accumulate.ts';
import { adamState } from './adam.ts';
import { type AdamWOptions, adamW } from './adam-w.ts';
import { type AverageOptions, average, averageState } from './averages.ts';
import { clipByGlobalNorm } from './clip-by-global-norm.ts';
import { named } from './named.ts';
import { requireRate } from './require-rate.ts';
import type { Schedule } from './schedules/schedule.ts';

export interface OptimiserOptions extends Omit<AdamWOptions, 'learningRate'> {
  /** The same for all updates, or a schedule by the update's number from 0. */
  readonly learningRate: number | Schedule;
  /** Greatest global norm of the gradients; `Infinity` only tells it. Default: as they are. */
  readonly maxGradientNorm?: number;
  /** Micro-batches whose gradients make one update. Default 1. */
  readonly accumulationSteps?: number;
  /** Averages of the weights, for evaluation: `averagesOf` finds them in the state. Default: none. */
  readonly average?: AverageOptions;
}

export interface OptimiserUpdate {
  /** New values of all parameters; the old ones where no update was due. */
  readonly parameters: Record<string, Tensor>;
  /** New values of all of the state. */
  readonly state: Record<string, Tensor>;
  /** The rate of this update, or of the one that is due next, `[]`. */
  readonly learningRate: Tensor;
  /** The gradients' norm before clipping, `[]`; there only with `maxGradientNorm`. */
  readonly gradientNorm?: Tensor;
  /** The gradients that were given beside, clipped with the others. */
  readonly beside: Record<string, Tensor>;
}

/** AdamW with what goes around it, in the order in which it has to be done. */
export interface Optimiser {
  /**
   * What it was made of, for whoever moves parameters beside it by the same rule, or tells one optimiser from
   * another. Absent: it is no AdamW.
   */
  readonly rule?: OptimiserOptions;
  /** The state before the first update, for parameters of these values. */
  state(parameters: NamedArrays): Record<string, NamedArray>;
  /**
   * One step: gradients are accumulated, clipped and followed, then weights are averaged. Pure.
   *
   * @param beside gradients of parameters that something else moves, such as rows of a table outside the
   * step: they count in the norm and are clipped, no more: they are not accumulated. Default: none
   * @throws {RangeError} if a parameter has no gradient or no state
   * @throws {Error} if one differs from the parameter in shape
   */
  update(
    parameters: Readonly<Record<string, Tensor>>,
    gradients: Readonly<Record<string, Tensor>>,
    state: Readonly<Record<string, Tensor>>,
    beside?: Readonly<Record<string, Tensor>>,
  ): OptimiserUpdate;
}

/** Updates so far: what a schedule counts by. */
const updateCount = 'update.count';

/**
 * `adamW` together with a schedule, `clipByGlobalNorm`, `accumulate` and `average`, as one step from
 * state to state. Its parts know nothing of each other: use them where this is not what you want.
 *
 * @throws {RangeError} (actionable) if `accumulationSteps` is no integer from 1, `learningRate` no finite number
 * from 0, or `maxGradientNorm` not positive
 */
export function optimiser(options: OptimiserOptions): Optimiser {
  const { accumulationSteps = 1, average: averaging, maxGradientNorm = Infinity } = options;
  if (typeof options.learningRate === 'number') requireRate('learningRate', options.learningRate);
  requirePositiveInteger('accumulationSteps', accumulationSteps);
  if (!(maxGradientNorm > 0)) {
    throw actionable(
      new RangeError(`maxGradientNorm must be a positive number, got ${maxGradientNorm}`),
    );
  }
  return {
    rule: options,
    state: (parameters) => ({
      [updateCount]: { shape: [], data: new Int32Array(1) },
      ...adamState(parameters),
      ...(accumulationSteps > 1 ? accumulationState(parameters) : {}),
      ...(averaging ? averageState(parameters) : {}),
    }),
    update: (parameters, gradients, state, beside = {}) =>
      tidy(() => {
        const of = { options, parameters, state, beside };
        if (accumulationSteps === 1) return updated(of, gradients) as never;
        const gathered = accumulate(gradients, state, accumulationSteps);
        const next = updated(of, gathered.gradients);
        return {
          ...next,
          parameters: choose(gathered.isDue, next.parameters, parameters),
          state: { ...choose(gathered.isDue, next.state, state), ...gathered.state },
        } as never;
      }) as OptimiserUpdate,
  };
}

interface Updating {
  readonly options: OptimiserOptions;
  readonly parameters: Readonly<Record<string, Tensor>>;
  readonly state: Readonly<Record<string, Tensor>>;
  readonly beside: Readonly<Record<string, Tensor>>;
}

function updated(
  { options, parameters, state, beside }: Updating,
  gradients: Readonly<Record<string, Tensor>>,
): OptimiserUpdate {
  const { learningRate, maxGradientNorm, average: averaging, ...rule } = options;
  const of = { role: 'state', shape: [], caller: 'optimiser' };
  const updates = named(state, updateCount, of);
  const rate = typeof learningRate === 'number' ? learningRate : learningRate(updates);
  const clipped =
    maxGradientNorm === undefined
      ? { gradients, beside: { ...beside } }
      : clippedTogether(gradients, beside, maxGradientNorm);
  const next = adamW(parameters, clipped.gradients, state, { ...rule, learningRate: rate });
  return {
    parameters: next.parameters,
    state: {
      [updateCount]: add(updates, scalar(1, 'int32')),
      ...next.state,
      ...(averaging ? average(next.parameters, state, averaging) : {}),
    },
    beside: clipped.beside,
    learningRate: typeof rate === 'number' ? scalar(rate) : rate,
    ...('norm' in clipped ? { gradientNorm: clipped.norm } : {}),
  };
}

type Named = Record<string, Tensor>;

/** Both by the norm of all of them. */
function clippedTogether(
  gradients: Readonly<Named>,
  beside: Readonly<Named>,
  maxNorm: number,
): { readonly gradients: Named; readonly beside: Named; readonly norm: Tensor } {
  const names = Object.keys(beside);
  const all = [...Object.values(gradients), ...Object.values(beside)];
  const { gradients: clipped, norm } = clipByGlobalNorm(Object.fromEntries(all.entries()), maxNorm);
  const at = (own: Readonly<Named>, first: number): Named =>
    Object.fromEntries(Object.keys(own).map((name, place) => [name, clipped[`${first + place}`]!]));
  return { gradients: at(gradients, 0), beside: at(beside, all.length - names.length), norm };
}

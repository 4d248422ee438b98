import { requireOneOf } from '@rodpo/errors';
import type { EmbeddingTable } from '../embedding-table.ts';
import { readAhead, rowsAhead } from '../read-ahead.ts';
import { catchUp } from './catch-up.ts';
import { requireEpsilon, requireRate, requireShare } from './required-settings.ts';
import { type RowOptimiser, type RowUpdate, rowOptimiser } from './row-optimiser.ts';

export interface SparseAdamOptions {
  /** Default 1e-3. */
  readonly learningRate?: number;
  /** Share of the first moment that a step keeps. Default 0.9. */
  readonly beta1?: number;
  /** Share of the second moment that a step keeps. Default 0.999. */
  readonly beta2?: number;
  /** Default 1e-8, added to the root of the second moment. */
  readonly epsilon?: number;
  /**
   * What becomes of a row in the steps that do not touch it. `'keep'`, the default: nothing, its moments
   * wait. `'decay'`: they lose their share of each of these steps, once the row is touched again, and are
   * then those of dense Adam. `'catch-up'`: the row also moves by what is left of them, once it is touched or
   * `settle` asks for it, and is then where dense Adam has it. The last two take an `Int32` more for each row.
   */
  readonly skipped?: 'keep' | 'decay' | 'catch-up';
}

interface LazyAdam extends SparseAdamOptions {
  readonly weightDecay: number;
  /**
   * Whether epsilon is added to the root of the second moment as it is, as `torch.optim.SparseAdam` has
   * it, instead of after the bias correction, as Adam has it.
   */
  readonly isEpsilonRaw: boolean;
}

/** What `sparseAdam` and `sparseAdamW` have in common. */
export function lazyAdam(
  { rows, width }: Pick<EmbeddingTable, 'rows' | 'width'>,
  options: LazyAdam,
): RowOptimiser {
  const { learningRate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const { skipped = 'keep', weightDecay, isEpsilonRaw } = options;
  requireRate(learningRate);
  requireShare('beta1', beta1);
  requireShare('beta2', beta2);
  requireEpsilon(epsilon);
  requireOneOf('skipped', skipped, ['keep', 'decay', 'catch-up']);
  const moments = () => ({ shape: [rows, width], data: new Float32Array(rows * width) });
  const [first, second] = [moments(), moments()];
  const touched = skipped === 'decay' ? new Int32Array(rows) : undefined;
  const numbers = { width, beta1, beta2, first: first.data, second: second.data };
  const lag =
    skipped === 'catch-up' ? catchUp({ ...numbers, rows, epsilon, weightDecay }) : undefined;
  lag?.requireRate(learningRate);
  return rowOptimiser(
    { rows, width },
    {
      learningRate,
      stepsName: 'adam.steps',
      arrays: {
        'adam.first': first,
        'adam.second': second,
        ...(touched ? { 'adam.touched': { shape: [rows], data: touched } } : {}),
        ...lag?.arrays,
      },
      apply: (update) => {
        const { step, learningRate } = update;
        // Both corrections in one factor: rate · m / (1 − β₁ᵗ) over √(v / (1 − β₂ᵗ)) + ε.
        const root = Math.sqrt(1 - beta2 ** step);
        const rate = (learningRate * root) / (1 - beta1 ** step);
        const remains = 1 - learningRate * weightDecay;
        lag?.settle(update, step - 1);
        adamRows(update, {
          ...{ ...numbers, touched, rate, remains },
          epsilon: isEpsilonRaw ? epsilon : epsilon * root,
        });
        lag?.passed(update, { step, rate, remains });
      },
      ...(lag && { lag }),
    },
  );
}

interface Moments {
  readonly width: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly first: Float32Array;
  readonly second: Float32Array;
  /** The step that touched a row last, 0 if none did; undefined if moments wait. */
  readonly touched: Int32Array | undefined;
  readonly rate: number;
  readonly epsilon: number;
  /** Share of a weight that its decay leaves in a step. */
  readonly remains: number;
}

function adamRows(
  { values, indices, gradients, count, step }: RowUpdate,
  { width, beta1, beta2, first, second, touched, rate, epsilon, remains }: Moments,
): void {
  let from = 0;
  for (let n = 0; n < count; n++) {
    if (n % rowsAhead === 0) {
      readAhead([values, first, second], width, { indices, count, place: n });
    }
    const row = indices[n]!;
    let [keep1, keep2, keep] = [beta1, beta2, remains];
    if (touched) {
      const since = step - touched[row]!;
      touched[row] = step;
      if (since > 1) [keep1, keep2, keep] = [beta1 ** since, beta2 ** since, remains ** since];
    }
    const end = (row + 1) * width;
    for (let at = row * width; at < end; at++) {
      const gradient = gradients[from++]!;
      const m = keep1 * first[at]! + (1 - beta1) * gradient;
      const v = keep2 * second[at]! + (1 - beta2) * gradient * gradient;
      first[at] = m;
      second[at] = v;
      values[at] = keep * values[at]! - (rate * m) / (Math.sqrt(v) + epsilon);
    }
  }
}

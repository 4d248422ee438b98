import type { EmbeddingTable } from '../embedding-table.ts';
import { readAhead, rowsAhead } from '../read-ahead.ts';
import { requireEpsilon, requireRate } from './required-settings.ts';
import { type RowOptimiser, type RowUpdate, rowOptimiser } from './row-optimiser.ts';

export interface SparseAdaGradOptions {
  /** Default 0.01. */
  readonly learningRate?: number;
  /** Default 1e-10, added to the root of the sum. */
  readonly epsilon?: number;
  /**
   * One sum for each row, of the means of its squared gradients, as DLRM and FBGEMM have it, instead of one
   * for each number: the state is a number for each row. Default false.
   */
  readonly rowWise?: boolean;
}

/**
 * AdaGrad for the rows that a step touched: each gradient is divided by the root of the sum of all squares
 * so far. Rows without a gradient would not change in dense AdaGrad either, so this is dense AdaGrad. Its
 * state is `adaGrad.sum`, of the table's shape or `[rows]`, and `adaGrad.steps`.
 *
 * @throws {RangeError} (actionable) if a setting is out of its range
 * @see Duchi, Hazan and Singer, 2011, https://jmlr.org/papers/v12/duchi11a.html, in the form of
 * `torch.optim.Adagrad` with sparse gradients
 * @see row-wise: Naumov and others, 2019, https://arxiv.org/abs/1906.00091, whose code calls it RWSAdagrad
 */
export function sparseAdaGrad(
  { rows, width }: Pick<EmbeddingTable, 'rows' | 'width'>,
  { learningRate = 0.01, epsilon = 1e-10, rowWise = false }: SparseAdaGradOptions = {},
): RowOptimiser {
  requireRate(learningRate);
  requireEpsilon(epsilon);
  const shape = rowWise ? [rows] : [rows, width];
  const data = new Float32Array(rowWise ? rows : rows * width);
  const rule = { width, epsilon, sums: data };
  return rowOptimiser(
    { rows, width },
    {
      learningRate,
      stepsName: 'adaGrad.steps',
      arrays: { 'adaGrad.sum': { shape, data } },
      apply: (update) => (rowWise ? adaGradWholeRows(update, rule) : adaGradRows(update, rule)),
    },
  );
}

interface AdaGrad {
  readonly width: number;
  readonly epsilon: number;
  readonly sums: Float32Array;
}

function adaGradRows(
  { values, indices, gradients, count, learningRate }: RowUpdate,
  { width, epsilon, sums }: AdaGrad,
): void {
  let from = 0;
  for (let n = 0; n < count; n++) {
    if (n % rowsAhead === 0) {
      readAhead([values, sums], width, { indices, count, place: n });
    }
    const end = (indices[n]! + 1) * width;
    for (let at = end - width; at < end; at++) {
      const gradient = gradients[from++]!;
      const sum = sums[at]! + gradient * gradient;
      sums[at] = sum;
      values[at]! -= (learningRate * gradient) / (Math.sqrt(sum) + epsilon);
    }
  }
}

function adaGradWholeRows(
  { values, indices, gradients, count, learningRate }: RowUpdate,
  { width, epsilon, sums }: AdaGrad,
): void {
  for (let n = 0; n < count; n++) {
    if (n % rowsAhead === 0) readAhead([values], width, { indices, count, place: n });
    const row = indices[n]!;
    const from = n * width;
    let squares = 0;
    for (let at = from; at < from + width; at++) squares += gradients[at]! * gradients[at]!;
    const sum = sums[row]! + squares / width;
    sums[row] = sum;
    const rate = learningRate / (Math.sqrt(sum) + epsilon);
    const to = row * width;
    for (let at = 0; at < width; at++) values[to + at]! -= rate * gradients[from + at]!;
  }
}

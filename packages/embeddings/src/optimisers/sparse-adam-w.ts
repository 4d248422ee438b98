import type { EmbeddingTable } from '../embedding-table.ts';
import { lazyAdam, type SparseAdamOptions } from './lazy-adam.ts';
import { requireDecay } from './required-settings.ts';
import type { RowOptimiser } from './row-optimiser.ts';

export interface SparseAdamWOptions extends SparseAdamOptions {
  /**
   * Share of a weight that a step at learning rate 1 takes away, beside what the gradient does. Default
   * 0.01, as in torch.
   */
  readonly weightDecay?: number;
}

/**
 * `sparseAdam` with decoupled weight decay: a row that is touched loses `learningRate · weightDecay` of
 * itself, which the moments know nothing of. With `skipped: 'decay'` it also loses, when it is touched,
 * what the steps that it skipped would have taken, at this update's rate: k steps leave
 * (1 − learningRate · weightDecay)ᵏ. That is exact if the rate is constant; under a schedule the rates of
 * the skipped steps are not known any more. Rows that no step touches do not decay until one does. With
 * `skipped: 'catch-up'` it is dense AdamW whatever the steps touch, under any schedule.
 *
 * Its `epsilon` is added where AdamW adds it, after the bias correction: if every step touches every row,
 * it is AdamW. Its state is that of `sparseAdam`.
 *
 * @throws {RangeError} (actionable) if a setting is out of its range
 * @see Loshchilov and Hutter, 2019, https://arxiv.org/abs/1711.05101, algorithm 2, in the form of
 * `torch.optim.AdamW`
 */
export function sparseAdamW(
  table: Pick<EmbeddingTable, 'rows' | 'width'>,
  { weightDecay = 0.01, ...options }: SparseAdamWOptions = {},
): RowOptimiser {
  requireDecay(weightDecay);
  return lazyAdam(table, { ...options, weightDecay, isEpsilonRaw: false });
}

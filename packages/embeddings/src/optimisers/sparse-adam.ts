import type { EmbeddingTable } from '../embedding-table.ts';
import { lazyAdam, type SparseAdamOptions } from './lazy-adam.ts';
import type { RowOptimiser } from './row-optimiser.ts';

/**
 * Adam for the rows that a step touched: others, and their moments, stay as they are. Bias correction is
 * by the number of updates, whichever rows they touched. Its state is two numbers for each of the table:
 * `adam.first` and `adam.second`, and `adam.steps`.
 *
 * With `skipped: 'keep'` it is `torch.optim.SparseAdam`. With `'decay'` the moments of a touched row are
 * those of dense Adam, and `epsilon` is added where Adam adds it, so that it is Adam itself if every step
 * touches every row. With `'catch-up'` it is Adam itself whatever the steps touch (but for what a gradient moves
 * after it has faded to 1e-10, and epsilon, which moves with the bias correction in steps that are caught up
 * on): `settle` rows before a step reads them, and all of them before the table is read as a whole.
 *
 * What the first two do not: dense Adam moves a row on after a gradient, by what is left of its first moment, for
 * some 1 / (1 − β₁) steps. With them a row only moves when it is touched, so that rare rows move less by each of
 * their gradients. They still take larger steps than others, as in dense Adam. Late in a training, where
 * nothing is left of the bias correction, and with gradients all alike, the n-th step of a row is
 * (1 − β₁ⁿ) / √(1 − β₂ⁿ) learning rates with `'keep'`: by default 3.2 at first, 6.6 at most and 1 after
 * some thousand. With `'decay'` a row that is long untouched starts anew, with 3.2.
 *
 * @throws {RangeError} (actionable) if a setting is out of its range
 * @see https://docs.pytorch.org/docs/2.13/generated/torch.optim.SparseAdam.html
 * @see Kingma and Ba, 2015, https://arxiv.org/abs/1412.6980, algorithm 1
 */
export function sparseAdam(
  table: Pick<EmbeddingTable, 'rows' | 'width'>,
  options: SparseAdamOptions = {},
): RowOptimiser {
  const isEpsilonRaw = (options.skipped ?? 'keep') === 'keep';
  return lazyAdam(table, { ...options, weightDecay: 0, isEpsilonRaw });
}

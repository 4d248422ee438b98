import { expandDims, sub, type Tensor, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import { checkShape } from '../check-shape.ts';

/** Scores of one chosen item and of J rejected ones per row, all in the row's context. */
export interface ListScores {
  /** `[n]` */
  readonly chosen: Tensor;
  /** `[n, J]`, or `[n]` for J = 1. */
  readonly rejected: Tensor;
}

/** Both scores with the rejected ones as `[n, J]`. */
export interface ScoreColumns {
  readonly chosen: Tensor1D;
  readonly rejected: Tensor2D;
}

/** @throws {RangeError} if the shapes are not `[n]` and `[n, J]` or `[n]`, with J at least 1 */
export function scoreColumns({ chosen, rejected }: ListScores, name = 'scores'): ScoreColumns {
  if (chosen.rank !== 1) {
    throw new RangeError(`${name}.chosen must have shape [n], got [${chosen.shape}]`);
  }
  const rows = chosen.shape[0]!;
  if (rejected.rank > 2 || rejected.shape[0] !== rows || rejected.shape[1] === 0) {
    throw new RangeError(
      `${name}.rejected must have shape [${rows}] or [${rows}, J] with J of at least 1, ` +
        `as ${name}.chosen has ${rows} rows; got [${rejected.shape}]`,
    );
  }
  const columns = rejected.rank === 1 ? expandDims(rejected, 1) : rejected;
  return { chosen: chosen as Tensor1D, rejected: columns as Tensor2D };
}

/**
 * Log-ratios of policy and reference, the implicit rewards of DPO but for β and a term common to
 * a row.
 *
 * @throws {RangeError} if the two differ in shape, or have a shape that `scoreColumns` refuses
 */
export function logRatios(policy: ListScores, reference: ListScores): ScoreColumns {
  const [ours, theirs] = [scoreColumns(policy, 'policy'), scoreColumns(reference, 'reference')];
  checkShape('reference.chosen', theirs.chosen, ours.chosen.shape);
  checkShape('reference.rejected', theirs.rejected, ours.rejected.shape);
  return {
    chosen: sub(ours.chosen, theirs.chosen),
    rejected: sub(ours.rejected, theirs.rejected),
  };
}

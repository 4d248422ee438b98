import { stopGradient } from '@rodpo/ops';
import {
  all,
  cast,
  div,
  expandDims,
  greater,
  logicalAnd,
  logicalNot,
  logicalOr,
  maximum,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tidy,
} from '@tensorflow/tfjs-core';
import { checkShape } from '../check-shape.ts';
import { frozenScores } from '../frozen-scores.ts';
import { allFinite, noneLeftOut, select } from '../left-out.ts';

/** Scores of one chosen item and of J rejected ones per row, all in the row's context. */
export interface ListScores {
  /** `[n]` */
  readonly chosen: Tensor;
  /** `[n, J]`, or `[n]` for J = 1. −Infinity, in whichever of several scorers, leaves an item out. */
  readonly rejected: Tensor;
}

/** Both scores with the rejected ones as `[n, J]`. */
export interface ScoreColumns {
  readonly chosen: Tensor1D;
  readonly rejected: Tensor2D;
}

/** Which rejected items are not left out. Constants to gradients. */
export interface Kept {
  /** `[n, J]` bool. */
  readonly mask: Tensor2D;
  /** How many of each row, `[n]` float32. */
  readonly counts: Tensor1D;
}

/**
 * `losses` of each row `[n]`, computed from finite scores alone. What is left out is 0 there and gets no
 * gradient; a row with any other score that is not finite is NaN and gets none.
 *
 * @param scorers one, or a policy and then its reference, by the names that messages call them; a
 * reference is a constant to gradients
 * @throws {RangeError} if the shapes are not `[n]` and `[n, J]` or `[n]`, with J at least 1, or differ
 */
export function perRow(
  scorers: Readonly<Record<string, ListScores>>,
  losses: (kept: Kept, ...scores: ScoreColumns[]) => Tensor,
): Tensor1D {
  return tidy(() => {
    const [policy, ...references] = sameColumns(scorers);
    const columns = [policy!, ...references.map(frozenScores)];
    const rejected = columns.map((scores) => scores.rejected);
    const isKept = noneLeftOut(rejected);
    const isSound = soundRows(columns, isKept);
    const mask = stopGradient(() => logicalAnd(isKept, expandDims(isSound, 1))) as Tensor2D;
    const counts = stopGradient(() => sum<Tensor1D>(cast(mask, 'float32'), 1));
    const scores = columns.map((scores) => ({
      chosen: select(isSound, scores.chosen, 0),
      rejected: select(mask, scores.rejected, 0),
    }));
    return select(isSound, losses({ mask, counts }, ...scores), Number.NaN) as Tensor1D;
  });
}

/** Rows whose scores are all finite but for what is left out: `[n]` bool, a constant. */
function soundRows(columns: readonly ScoreColumns[], isKept: Tensor): Tensor {
  return stopGradient(() => {
    const rejected = allFinite(columns.map((scores) => scores.rejected));
    const chosen = allFinite(columns.map((scores) => scores.chosen));
    return logicalAnd(chosen, all(logicalOr(rejected, logicalNot(isKept)), 1));
  });
}

function sameColumns(scorers: Readonly<Record<string, ListScores>>): ScoreColumns[] {
  const columns = Object.entries(scorers).map(([name, scores]) => scoreColumns(scores, name));
  for (const [index, name] of Object.keys(scorers).entries()) {
    checkShape(`${name}.chosen`, columns[index]!.chosen, columns[0]!.chosen.shape);
    checkShape(`${name}.rejected`, columns[index]!.rejected, columns[0]!.rejected.shape);
  }
  return columns;
}

/** @throws {RangeError} if the shapes are not `[n]` and `[n, J]` or `[n]`, with J at least 1 */
function scoreColumns({ chosen, rejected }: ListScores, name: string): ScoreColumns {
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

/** Whether anything is kept of each row: `[n]` bool. */
export function hasKept({ counts }: Kept): Tensor {
  return stopGradient(() => greater(counts, 0));
}

/** The mean of each row's `values` `[n, J]` over what is kept: `[n]`, 0 where that is nothing. */
export function meanOfKept(values: Tensor, { mask, counts }: Kept): Tensor1D {
  return div(sum(select(mask, values, 0), 1), maximum(counts, 1));
}

/**
 * Log-ratios of policy and reference, the implicit rewards of DPO but for β and a term common to
 * a row.
 */
export function logRatios(policy: ScoreColumns, reference: ScoreColumns): ScoreColumns {
  return {
    chosen: sub(policy.chosen, reference.chosen),
    rejected: sub(policy.rejected, reference.rejected),
  };
}

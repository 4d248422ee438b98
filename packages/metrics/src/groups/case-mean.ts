/** The mean of a metric over cases, and how sure it is. */
export interface CaseMean {
  /** `NaN` without cases. */
  readonly mean: number;
  /** Standard error of the mean; `NaN` with fewer than two cases. */
  readonly standardError: number;
  /** Cases with a value. */
  readonly count: number;
  /** Cases whose value is `NaN`: nothing relevant, or an empty list. They are in no mean. */
  readonly emptyCount: number;
}

/** Mean and standard error of one value per case, `[caseCount]`, without those that are `NaN`. */
export function caseMean(values: ArrayLike<number>): CaseMean {
  const known = Float64Array.from(values).filter((value) => !Number.isNaN(value));
  const count = known.length;
  const mean = known.reduce((sum, value) => sum + value, 0) / count; // 0 / 0 is NaN
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const standardError = Math.sqrt(squares / (count - 1) / count); // 0 / 0 again for one value
  return { mean, standardError, count, emptyCount: values.length - count };
}

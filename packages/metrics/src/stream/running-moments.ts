/** What a stream knows of its values: enough to merge it with another. A plain object. */
export interface Moments {
  readonly count: number;
  /** `NaN` without values. */
  readonly mean: number;
  /** Sum of the squared differences from the mean. */
  readonly squaredDeviations: number;
  /** Standard error of the mean: `NaN` below two values. */
  readonly standardError: number;
}

export interface RunningMoments {
  /** @throws {RangeError} if `value` is not finite */
  readonly add: (value: number) => void;
  /** Takes in another stream's values, as if they had been added here. The other stays as it is. */
  readonly merge: (other: Pick<RunningMoments, 'result'>) => void;
  readonly result: () => Moments;
}

/**
 * Count, mean and standard error of a stream of values, in constant memory and one pass.
 *
 * Values are never summed up as they are, nor squared: both would lose digits over many cases. To
 * merge streams of several threads, send `result()` and merge `{ result: () => message }`.
 *
 * @see Welford, "Note on a Method for Calculating Corrected Sums of Squares and Products",
 * Technometrics 1962; Chan, Golub and LeVeque, "Updating Formulae and a Pairwise Algorithm for
 * Computing Sample Variances", COMPSTAT 1982 (merge)
 */
export function runningMoments(): RunningMoments {
  // Fields of an object keep their doubles in place; captured variables allocate one per write.
  const state = { count: 0, mean: 0, squaredDeviations: 0 };

  return {
    add(value) {
      checkFinite(value);
      state.count++;
      const difference = value - state.mean;
      state.mean += difference / state.count;
      state.squaredDeviations += difference * (value - state.mean);
    },
    merge(other) {
      const { count, mean, squaredDeviations } = other.result();
      if (count === 0) return; // its mean is NaN
      const total = state.count + count;
      const difference = mean - state.mean;
      state.mean += difference * (count / total);
      state.squaredDeviations +=
        squaredDeviations + difference * difference * ((state.count * count) / total);
      state.count = total;
    },
    result() {
      const { count, mean, squaredDeviations } = state;
      const standardError = Math.sqrt(squaredDeviations / (count - 1) / count);
      return {
        count,
        mean: count === 0 ? Number.NaN : mean,
        squaredDeviations,
        standardError: count < 2 ? Number.NaN : standardError,
      };
    },
  };
}

function checkFinite(value: number): void {
  if (Number.isFinite(value)) return;
  throw new RangeError(
    `value must be finite, got ${value}. Count what has no value apart, for it would hide the rest.`,
  );
}

export interface Moments {
  readonly mean: number;
  /** With `count − 1` in the denominator. */
  readonly standardDeviation: number;
}

/**
 * Mean and standard deviation in three passes: the second corrects the rounding
 * of the first mean, so that equal values have exactly zero deviation.
 */
export function momentsOf(values: ArrayLike<number>): Moments {
  const { length } = values;
  let sum = 0;
  for (let index = 0; index < length; index++) sum += values[index]!;
  const rough = sum / length;

  let residual = 0;
  for (let index = 0; index < length; index++) residual += values[index]! - rough;
  const mean = rough + residual / length;

  let squares = 0;
  for (let index = 0; index < length; index++) squares += (values[index]! - mean) ** 2;
  return { mean, standardDeviation: Math.sqrt(squares / (length - 1)) };
}

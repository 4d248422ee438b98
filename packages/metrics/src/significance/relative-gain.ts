/**
 * How much better `value` is than `baseline`, as a share of the baseline:
 * `(value - baseline) / baseline`, so 0.1 means 10 % better.
 *
 * A `NaN` on either side gives `NaN`, so does 0 over 0; any other value over a
 * baseline of 0 gives an infinity. There is no finite answer to hide it behind.
 */
export function relativeGain(value: number, baseline: number): number {
  return (value - baseline) / baseline;
}

/** The share of what a gradient moves that may be left out at the end. */
const negligible = 1e-10;

/** All rows are to be brought up to date after every so many steps: no more of the past is kept. */
export const stepsKept = 1024;

/**
 * What dense Adam does to a number in steps that bring it no gradient: its moments lose their shares,
 * m · β₁ᵏ and v · β₂ᵏ, and it moves on by what is left of them, m / √v · (β₁ / √β₂)ᵏ learning rates in the k-th. The
 * sum of that over any steps is one factor for all numbers that were touched in the same step.
 */
export interface SkippedSteps {
  /** Steps after which a gradient moves its row no more. */
  readonly reach: number;
  /** All that is kept: numbers of 8 bytes, as pairs of integers. Changes with every step. */
  readonly state: Int32Array;
  /**
   * Notes a step, one after another. The one after each `stepsKept` begins anew.
   *
   * @param step its number, from 1
   * @param rate of the step, with its bias corrections
   * @param remains share of a weight that its decay leaves
   */
  passed(step: number, rate: number, remains: number): void;
  /** Of m / √v, how much the steps after `since` take away, up to `last`. */
  movedBetween(since: number, last: number): number;
  /** Share of a weight that the decay of these steps leaves. */
  remainsBetween(since: number, last: number): number;
}

/** @param beta1 below √β₂, so that what a gradient moves fades */
export function skippedSteps(beta1: number, beta2: number): SkippedSteps {
  const share = beta1 / Math.sqrt(beta2);
  const reach = Math.ceil(Math.log(negligible) / Math.log(share));
  // By the step, counted from the last that all rows were brought up to: what decay leaves of a weight from there
  // on, and what is moved after the step, in parts of that, so that each step only adds to it.
  const numbers = new Float64Array(2 * (stepsKept + 1));
  const left = numbers.subarray(0, stepsKept + 1);
  const moved = numbers.subarray(stepsKept + 1);
  const baseOf = (last: number) => last - 1 - ((last - 1) % stepsKept);

  return {
    reach,
    state: new Int32Array(numbers.buffer),
    passed: (step, rate, remains) => {
      const now = step - baseOf(step);
      if (now === 1) [left[0], moved[0]] = [1, 0];
      moved[now] = 0;
      left[now] = left[now - 1]! * remains;
      let factor = rate / left[now]!;
      for (let since = now - 1; since >= 0 && now - since <= reach; since--) {
        factor *= share;
        moved[since]! += factor;
      }
    },
    movedBetween: (since, last) => moved[since - baseOf(last)]! * left[last - baseOf(last)]!,
    remainsBetween: (since, last) => left[last - baseOf(last)]! / left[since - baseOf(last)]!,
  };
}

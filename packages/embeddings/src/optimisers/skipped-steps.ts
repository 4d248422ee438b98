/** The share of what a gradient moves that may be left out at the end. */
const negligible = 1e-10;

/**
 * What dense Adam does to a number in steps that bring it no gradient: its moments lose their shares,
 * m · β₁ᵏ and v · β₂ᵏ, and it moves on by what is left of them, m / √v · (β₁ / √β₂)ᵏ learning rates in the k-th. The
 * sum of that over any steps is one factor for all numbers that were touched in the same step.
 */
export interface SkippedSteps {
  /** Steps after which a gradient moves its row no more; Infinity if β₁ is no smaller than √β₂. */
  readonly reach: number;
  /**
   * Notes a step, one after another.
   *
   * @param rate of the step, with its bias corrections
   * @param remains share of a weight that its decay leaves
   */
  passed(rate: number, remains: number): void;
  /** Of m / √v, how much is taken away in the steps after `since`. */
  movedAfter(since: number): number;
  /** Share of a weight that the decay in the steps after `since` leaves. */
  remainsAfter(since: number): number;
  /** Begins anew after `step`: what was before is not asked for again. */
  restart(step: number): void;
}

/** From step 0 on. */
export function skippedSteps(beta1: number, beta2: number): SkippedSteps {
  const share = beta1 / Math.sqrt(beta2);
  const reach = share < 1 ? Math.ceil(Math.log(negligible) / Math.log(share)) : Infinity;
  let first = 0;
  // Both by the step, counted from the first: what decay leaves of a weight from the first step on, and what
  // is moved after the step in parts of that, so that each step only adds to it.
  let left = [1];
  let moved = [0];
  return {
    reach,
    passed: (rate, remains) => {
      const last = left.length - 1;
      const now = left[last]! * remains;
      let factor = rate / now;
      for (let step = last; step >= 0 && last - step < reach; step--) {
        factor *= share;
        moved[step]! += factor;
      }
      left.push(now);
      moved.push(0);
    },
    movedAfter: (since) => moved[since - first]! * left.at(-1)!,
    remainsAfter: (since) => left.at(-1)! / left[since - first]!,
    restart: (step) => {
      first = step;
      left = [1];
      moved = [0];
    },
  };
}

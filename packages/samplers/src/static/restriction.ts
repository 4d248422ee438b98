import type { Marks } from '../batch/marks.ts';
import type { UniformRandom } from '../negative-sampler.ts';
import type { Distribution } from './distribution.ts';

/** The unmarked part of a distribution, drawn from by inverting its cumulative weights. */
interface Restriction {
  /** All of the distribution again. Nothing can be drawn before `narrow`. */
  reset(distribution: Distribution): void;
  /** Leaves the marked items out. At least one must stay. */
  narrow(marks: Marks): void;
  isNarrow(): boolean;
  propose(random: UniformRandom): number;
}

export function createRestriction(): Restriction {
  let distribution: Distribution | undefined;
  let items = new Int32Array(0);
  let cumulative = new Float64Array(0);
  let length = 0; // 0: not narrowed

  const reset = (next: Distribution) => {
    distribution = next;
    length = 0;
  };
  const narrow = (marks: Marks) => {
    const { support, weights } = distribution!;
    if (items.length < support.length) {
      items = new Int32Array(support.length);
      cumulative = new Float64Array(support.length);
    }
    const from = length > 0 ? items.subarray(0, length) : support;
    let kept = 0;
    let sum = 0;
    for (const item of from) {
      if (marks.has(item)) continue;
      sum += weights[item]!;
      items[kept] = item;
      cumulative[kept++] = sum;
    }
    length = kept;
  };
  const propose = (random: UniformRandom) => {
    const target = random() * cumulative[length - 1]!;
    return items[firstAbove(cumulative, target, length - 1)]!;
  };
  return { reset, narrow, isNarrow: () => length > 0, propose };
}

/** The first index whose value exceeds `target`, or `last` if none before it does. */
function firstAbove(ascending: Float64Array, target: number, last: number): number {
  let low = 0;
  let high = last;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! > target) high = middle;
    else low = middle + 1;
  }
  return low;
}

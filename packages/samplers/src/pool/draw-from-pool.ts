import type { Draws } from '../batch/row-sampler.ts';
import type { UniformRandom } from '../negative-sampler.ts';
import { type Pool, positionOf } from './pool.ts';

/** Draws without putting back, and the probabilities of one draw. */
export interface PoolDraw {
  /** Looks at a pool that was filled and weighed. */
  open(): void;
  /** Takes `draws.count` random numbers; reorders the pool. */
  draw(draws: Draws, random: UniformRandom): void;
  /** `log q` of an item before anything was drawn; −∞ if it is not in the pool. */
  logProbability(item: number): number;
}

/** Every item of the pool equally likely: the first steps of a Fisher–Yates shuffle. */
export function uniformDraw(pool: Pool): PoolDraw {
  return {
    open: () => {},
    draw({ negatives, count, start }, random) {
      const { items, size } = pool;
      const logProbability = 0 - Math.log(size); // 0 for 1, and not −0
      for (let drawn = 0; drawn < count; drawn++) {
        const picked = drawn + Math.floor(random() * (size - drawn));
        const item = items[picked]!;
        items[picked] = items[drawn]!;
        negatives.items[start + drawn] = item;
        negatives.logProbabilities[start + drawn] = logProbability;
      }
    },
    logProbability: (item) => (positionOf(pool, item) >= 0 ? 0 - Math.log(pool.size) : -Infinity),
  };
}

/** Below this share of the first sum, what is left is weighed anew: nothing may underflow to 0. */
const LEAST_SUM = 1e-200;

/** Each item in proportion to the exponential of its logit among those that are left. */
export function weightedDraw(pool: Pool): PoolDraw {
  let weights = new Float64Array(0);
  let highest = 0; // of all logits
  let logSum = 0; // of the exponentials, relative to it

  const weighAgain = (size: number) => {
    const highestLeft = highestOf(pool.logits, size);
    let sum = 0;
    for (let position = 0; position < size; position++) {
      weights[position] = Math.exp(relativeTo(highestLeft, pool.logits[position]!));
      sum += weights[position]!;
    }
    return sum;
  };
  const open = () => {
    if (weights.length < pool.size) weights = new Float64Array(pool.items.length);
    highest = highestOf(pool.logits, pool.size);
    logSum = Math.log(weighAgain(pool.size));
  };
  const logOf = (position: number) => relativeTo(highest, pool.logits[position]!) - logSum;

  const draw = ({ negatives, count, start }: Draws, random: UniformRandom) => {
    for (let drawn = 0; drawn < count; drawn++) {
      const size = pool.size - drawn;
      let sum = sumOf(weights, size);
      if (sum < LEAST_SUM) sum = weighAgain(size);
      const picked = pick(weights, size, random() * sum);
      negatives.items[start + drawn] = pool.items[picked]!;
      negatives.logProbabilities[start + drawn] = logOf(picked);
      pool.items[picked] = pool.items[size - 1]!;
      pool.logits[picked] = pool.logits[size - 1]!;
      weights[picked] = weights[size - 1]!;
    }
  };
  const logProbability = (item: number) => {
    const position = positionOf(pool, item);
    return position >= 0 ? logOf(position) : -Infinity;
  };
  return { open, draw, logProbability };
}

/** The difference of logits; equal infinities, whose difference is NaN, are equally likely. */
function relativeTo(highest: number, logit: number): number {
  return logit === highest ? 0 : logit - highest;
}

function highestOf(logits: Float64Array, size: number): number {
  let highest = -Infinity;
  for (let position = 0; position < size; position++) {
    if (logits[position]! > highest) highest = logits[position]!;
  }
  return highest;
}

function sumOf(weights: Float64Array, size: number): number {
  let sum = 0;
  for (let position = 0; position < size; position++) sum += weights[position]!;
  return sum;
}

/** The position where the running sum passes `target`; never one of weight 0. */
function pick(weights: Float64Array, size: number, target: number): number {
  let sum = 0;
  let last = 0;
  for (let position = 0; position < size; position++) {
    if (weights[position] === 0) continue;
    last = position;
    sum += weights[position]!;
    if (sum > target) return position;
  }
  return last; // rounding: the target may reach the sum
}

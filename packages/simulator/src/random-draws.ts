import { gaussianRandom } from '@rodpo/random';

/** One draw from the standard normal distribution, for two of `random`: no state is kept. */
export function gaussian(random: () => number): number {
  return gaussianRandom(random)();
}

/** One element of a list that is not empty, each as likely. */
export function pick<Element>(elements: readonly Element[], random: () => number): Element {
  return elements[Math.floor(random() * elements.length)]!;
}

/** A vector of the given length in a uniformly random direction: shape `[dimension]`. */
export function randomDirection(dimension: number, random: () => number): Float64Array {
  return normalise(Float64Array.from({ length: dimension }, () => gaussian(random)));
}

/** Scales a vector to length 1, in place. */
export function normalise(vector: Float64Array): Float64Array {
  const length = Math.hypot(...vector);
  for (let axis = 0; axis < vector.length; axis++) vector[axis]! /= length;
  return vector;
}

/** A function that draws an index with probability proportional to its weight, in O(log n). */
export function weightedSampler(weights: readonly number[]): (random: () => number) => number {
  const cumulative = new Float64Array(weights.length);
  let total = 0;
  for (const [index, weight] of weights.entries()) {
    total += weight;
    cumulative[index] = total;
  }
  return (random) => firstAbove(cumulative, random() * total);
}

function firstAbove(cumulative: Float64Array, value: number): number {
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cumulative[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

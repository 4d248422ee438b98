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
  const length = euclideanLength(vector);
  for (let axis = 0; axis < vector.length; axis++) vector[axis]! /= length;
  return vector;
}

/** As V8's `Math.hypot`, bit for bit, which a vector would have to be spread for: Kahan's sum. */
function euclideanLength(vector: Float64Array): number {
  let largest = 0;
  for (let axis = 0; axis < vector.length; axis++) {
    largest = Math.max(largest, Math.abs(vector[axis]!));
  }
  let [sum, lost] = [0, 0];
  for (let axis = 0; axis < vector.length; axis++) {
    const ratio = Math.abs(vector[axis]!) / largest;
    const summand = ratio * ratio - lost;
    const next = sum + summand;
    lost = next - sum - summand;
    sum = next;
  }
  return Math.sqrt(sum) * largest;
}

/** Weights from which a guide table pays. */
const manyWeights = 64;

/**
 * A function that draws an index with probability proportional to its weight, in constant time on
 * average, however many there are: a guide table says between which indices to look.
 *
 * @see Chen and Asau, "On generating random variates from an empirical distribution", AIIE
 * Transactions 6, 1974
 */
export function weightedSampler(weights: ArrayLike<number>): (random: () => number) => number {
  const cumulative = new Float64Array(weights.length);
  let total = 0;
  for (let index = 0; index < cumulative.length; index++) {
    total += weights[index]!;
    cumulative[index] = total;
  }
  const last = weights.length - 1;
  if (weights.length < manyWeights) {
    return (random) => firstAbove(cumulative, random() * total, 0, last);
  }
  const guide = guideTable(cumulative, total);
  const cells = guide.length - 1;
  return (random) => {
    const place = random();
    // A power of two, so that this is exact, and the product below lies between those of the cell.
    const cell = Math.floor(place * cells);
    return firstAbove(cumulative, place * total, guide[cell]!, guide[cell + 1]!);
  };
}

/** Where a draw at each of so many equal steps of [0, 1] ends up, a power of two of them. */
function guideTable(cumulative: Float64Array, total: number): Int32Array {
  const cells = 2 ** Math.ceil(Math.log2(cumulative.length));
  const guide = new Int32Array(cells + 1);
  let index = 0;
  for (let cell = 0; cell <= cells; cell++) {
    const value = (cell / cells) * total;
    while (index < cumulative.length - 1 && cumulative[index]! <= value) index++;
    guide[cell] = index;
  }
  return guide;
}

function firstAbove(cumulative: Float64Array, value: number, from: number, to: number): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cumulative[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

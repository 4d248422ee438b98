import type { Catalogue } from '../catalogue/catalogue.ts';
import { gaussian, weightedSampler } from '../random-draws.ts';
import { type Interest, maxInterests } from '../users/taste.ts';

const stickiness = 0.75;
const driftMemory = 0.9;
const driftStep = 0.05;
const inactivePenalty = 0.15;

/** What a user is after right now: one active interest, and a point that strays from it. */
export interface Mood {
  active(): Interest;
  /** Closeness of an item to what is wanted now; other interests count for a little less. */
  closeness(item: number): number;
  /** Between visits: the interest may change (a sticky Markov chain), and the drift goes on. */
  pass(): void;
}

/** Starts a mood at one of the interests, without drift. */
export function startMood(
  catalogue: Catalogue,
  interests: readonly Interest[],
  random: () => number,
): Mood {
  const drawInterest = weightedSampler(interests.map(({ weight }) => weight));
  const { dimension, vectors } = catalogue;
  const drift = new Float32Array(dimension);
  // Side by side, so that an item is read once: its sums with all points are taken together.
  const points = new Float32Array(maxInterests * dimension);
  for (const [index, { point }] of interests.entries()) points.set(point, index * dimension);
  const sums = new Float64Array(maxInterests);
  let active = drawInterest(random);

  return {
    active: () => interests[active]!,
    closeness: (item) => {
      const first = item * dimension;
      let [one, two, three, four, shift] = [0, 0, 0, 0, 0];
      for (let axis = 0; axis < dimension; axis++) {
        const value = vectors[first + axis]!;
        one += value * points[axis]!;
        two += value * points[dimension + axis]!;
        three += value * points[2 * dimension + axis]!;
        four += value * points[3 * dimension + axis]!;
        shift += value * drift[axis]!;
      }
      sums[0] = one;
      sums[1] = two;
      sums[2] = three;
      sums[3] = four;
      let closest = -Infinity;
      for (let index = 0; index < interests.length; index++) {
        const moved = sums[index]! + (index === active ? shift : -inactivePenalty);
        closest = Math.max(closest, moved);
      }
      return closest;
    },
    pass: () => {
      if (random() >= stickiness) active = drawInterest(random);
      for (let axis = 0; axis < drift.length; axis++) {
        drift[axis] = driftMemory * drift[axis]! + driftStep * gaussian(random);
      }
    },
  };
}

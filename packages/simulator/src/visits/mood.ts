import type { Catalogue } from '../catalogue/catalogue.ts';
import { gaussian, weightedSampler } from '../random-draws.ts';
import { closenessTo } from '../users/affinity.ts';
import type { Interest } from '../users/taste.ts';

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
  const drift = new Float32Array(catalogue.dimension);
  let active = drawInterest(random);

  return {
    active: () => interests[active]!,
    closeness: (item) => {
      let closest = -Infinity;
      for (const [index, { point }] of interests.entries()) {
        const shift = index === active ? closenessTo(catalogue, item, drift) : -inactivePenalty;
        closest = Math.max(closest, closenessTo(catalogue, item, point) + shift);
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

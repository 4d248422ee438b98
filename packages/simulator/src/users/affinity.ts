import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Taste } from './taste.ts';

/**
 * The lasting affinity of one user for every item: closeness to the nearest
 * interest, plus appeal, less dearness. Shape `[itemCount]`, no unit.
 */
export function affinities(catalogue: Catalogue, taste: Taste): Float32Array {
  const closeness = new Float32Array(catalogue.products.length).fill(-Infinity);
  for (const { point } of taste.interests) raiseToCloseness(closeness, catalogue, point);
  return closeness.map((value, item) => value + attraction(catalogue, taste, item));
}

/** What does not depend on the interest: appeal to everyone, less what the price costs. */
export function attraction(catalogue: Catalogue, taste: Taste, item: number): number {
  return catalogue.appeal[item]! - taste.priceSensitivity * catalogue.dearness[item]!;
}

/** Inner product of an item's latent vector with a point: -1 to 1 for unit points. */
export function closenessTo(catalogue: Catalogue, item: number, point: Float32Array): number {
  const { vectors, dimension } = catalogue;
  const start = item * dimension;
  let sum = 0;
  for (let axis = 0; axis < dimension; axis++) sum += vectors[start + axis]! * point[axis]!;
  return sum;
}

function raiseToCloseness(closeness: Float32Array, catalogue: Catalogue, point: Float32Array) {
  for (let item = 0; item < closeness.length; item++) {
    closeness[item] = Math.max(closeness[item]!, closenessTo(catalogue, item, point));
  }
}

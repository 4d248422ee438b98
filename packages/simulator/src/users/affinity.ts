import type { Interest, Taste } from './taste.ts';

/** What affinity reads of the items, all indexed by item. */
export interface ItemTraits {
  /** Axes of the latent space. */
  readonly dimension: number;
  /** Latent unit vectors: row-major `[items * dimension]`. */
  readonly vectors: Float32Array;
  /** What everyone finds attractive in a product, around 0: shape `[items]`. */
  readonly appeal: Float32Array;
  /** Price against that of the category, in standard deviations: shape `[items]`. */
  readonly dearness: Float32Array;
}

/** What affinity reads of a user. */
export interface AffineTaste extends Pick<Taste, 'priceSensitivity'> {
  readonly interests: readonly Pick<Interest, 'point'>[];
}

/**
 * The lasting affinity of one user for the items of a stretch, by default all: closeness to the
 * nearest interest, plus appeal, less dearness. Shape `[to - from]`, no unit.
 */
export function affinities(
  items: ItemTraits,
  taste: AffineTaste,
  { from, to }: { readonly from: number; readonly to: number } = {
    from: 0,
    to: items.appeal.length,
  },
): Float32Array {
  const found = new Float32Array(to - from).fill(-Infinity);
  for (const { point } of taste.interests) raiseToCloseness(found, items, point, from);
  for (let place = 0; place < found.length; place++) {
    found[place]! += attraction(items, taste.priceSensitivity, from + place);
  }
  return found;
}

/** What does not depend on the interest: appeal to everyone, less what the price costs. */
export function attraction(items: ItemTraits, priceSensitivity: number, item: number): number {
  return items.appeal[item]! - priceSensitivity * items.dearness[item]!;
}

/**
 * Inner product of an item's latent vector with a point: -1 to 1 for unit points.
 *
 * @param start where the point begins in `points`. Default 0
 */
export function closenessTo(
  { vectors, dimension }: ItemTraits,
  item: number,
  points: Float32Array,
  start = 0,
): number {
  const first = item * dimension;
  let sum = 0;
  for (let axis = 0; axis < dimension; axis++)
    sum += vectors[first + axis]! * points[start + axis]!;
  return sum;
}

/** Four items at a time: each sum waits for its last addition, and the others go on meanwhile. */
function raiseToCloseness(
  closeness: Float32Array,
  items: ItemTraits,
  point: Float32Array,
  from: number,
): void {
  const { vectors, dimension } = items;
  const raise = (place: number, value: number) => {
    closeness[place] = Math.max(closeness[place]!, value);
  };
  let place = 0;
  for (; place + 4 <= closeness.length; place += 4) {
    const first = (from + place) * dimension;
    let [one, two, three, four] = [0, 0, 0, 0];
    for (let axis = 0; axis < dimension; axis++) {
      const value = point[axis]!;
      one += vectors[first + axis]! * value;
      two += vectors[first + dimension + axis]! * value;
      three += vectors[first + 2 * dimension + axis]! * value;
      four += vectors[first + 3 * dimension + axis]! * value;
    }
    raise(place, one);
    raise(place + 1, two);
    raise(place + 2, three);
    raise(place + 3, four);
  }
  for (; place < closeness.length; place++) {
    raise(place, closenessTo(items, from + place, point));
  }
}

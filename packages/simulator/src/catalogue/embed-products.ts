import { normalise, randomDirection } from '../random-draws.ts';
import type { Product, ProductAttributes } from './product.ts';

const dimension = 24;

/** How much each visible attribute counts when products are compared. */
const attributeWeights = { category: 1, style: 0.7, colour: 0.6, material: 0.4, pattern: 0.45 };

/**
 * Gives every attribute value a random direction, and every product the
 * weighted sum of its values' directions plus a direction of its own that no
 * image or text shows. `hiddenShare` is the share of the squared length that
 * is hidden.
 */
export function embedProducts(
  products: readonly Product[],
  hiddenShare: number,
  random: () => number,
): { dimension: number; vectors: Float32Array } {
  const directionOf = memoise(() => randomDirection(dimension, random));
  const vectors = new Float32Array(products.length * dimension);
  const [visibleScale, hiddenScale] = [Math.sqrt(1 - hiddenShare), Math.sqrt(hiddenShare)];
  for (const [item, { attributes }] of products.entries()) {
    const vector = blendAttributes(attributes, directionOf);
    const hidden = randomDirection(dimension, random);
    for (let axis = 0; axis < dimension; axis++) {
      vector[axis] = visibleScale * vector[axis]! + hiddenScale * hidden[axis]!;
    }
    vectors.set(normalise(vector), item * dimension);
  }
  return { dimension, vectors };
}

function blendAttributes(
  attributes: ProductAttributes,
  directionOf: (value: string) => Float64Array,
): Float64Array {
  const blend = new Float64Array(dimension);
  for (const [name, weight] of Object.entries(attributeWeights)) {
    const direction = directionOf(attributes[name as keyof typeof attributeWeights]);
    for (let axis = 0; axis < dimension; axis++) blend[axis]! += weight * direction[axis]!;
  }
  return normalise(blend);
}

function memoise<Value>(compute: () => Value): (key: string) => Value {
  const known = new Map<string, Value>();
  return (key) => {
    const value = known.get(key) ?? compute();
    known.set(key, value);
    return value;
  };
}

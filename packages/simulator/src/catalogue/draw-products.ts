import { gaussian, pick } from '../random-draws.ts';
import { categories, categoryTraits } from './category.ts';
import { colours } from './colour.ts';
import { describeProduct } from './describe-product.ts';
import { materialPriceFactors } from './material.ts';
import { patterns } from './pattern.ts';
import type { Product, ProductAttributes } from './product.ts';
import { styles } from './style.ts';
import { titleProduct } from './title-product.ts';

/** Draws a catalogue of `itemCount` products, every attribute independent but for the price. */
export function drawProducts(itemCount: number, random: () => number): Product[] {
  const digits = Math.max(4, String(itemCount).length);
  return Array.from({ length: itemCount }, (_, item) => {
    const attributes = drawAttributes(random);
    return {
      id: `P${String(item + 1).padStart(digits, '0')}`,
      title: titleProduct(attributes, random),
      description: describeProduct(attributes, random),
      attributes,
    };
  });
}

function drawAttributes(random: () => number): ProductAttributes {
  const category = pick(categories, random);
  const { materials, typicalPrice } = categoryTraits[category];
  const material = pick(materials, random);
  const isPlain = random() < 0.2; // plain goods are the commonest in any shop
  const factor = materialPriceFactors[material] * Math.exp(0.35 * gaussian(random));
  return {
    category,
    colour: pick(colours, random),
    pattern: isPlain ? 'plain' : pick(patterns, random),
    material,
    style: pick(styles, random),
    price: Math.max(1, Math.round(typicalPrice * factor * 2) / 2),
  };
}

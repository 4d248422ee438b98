import type { Catalogue } from '../catalogue/catalogue.ts';
import { categories } from '../catalogue/category.ts';
import { complements } from '../catalogue/complements.ts';
import { pick, weightedSampler } from '../random-draws.ts';
import type { Exposure } from './exposure.ts';

/** What the store knows of a visit. */
export interface VisitContext {
  /** Index into `categories`. */
  readonly browsedCategory: number;
  /** -1 before the first click. */
  readonly lastClick: number;
}

/** Draws the item that fills one place of a slate. */
export type ShopWindow = (context: VisitContext, random: () => number) => number;

type Shelf = (random: () => number) => number;

/** A store that picks each shown product by one of four reasons, see {@link Exposure}. */
export function shopWindow(catalogue: Catalogue, exposure: Exposure): ShopWindow {
  const itemCount = catalogue.products.length;
  const anything: Shelf = (random) => Math.floor(random() * itemCount);
  const bestSellers = weightedSampler([...catalogue.popularity]);
  const aisles = shelvesBy(catalogue, (item) => categoryName(catalogue, item));
  const corners = shelvesBy(catalogue, (item) => cornerName(catalogue, item));
  const reason = weightedSampler([
    exposure.popular,
    exposure.browsing,
    exposure.complements,
    exposure.random,
  ]);

  const shelfOf = ({ browsedCategory, lastClick }: VisitContext, random: () => number): Shelf => {
    const drawn = reason(random);
    if (drawn === 0) return bestSellers;
    if (drawn === 3) return anything;
    if (drawn === 1 || lastClick < 0) return aisles.get(categories[browsedCategory]!) ?? anything;
    const complement = pick(complements[categories[catalogue.category[lastClick]!]!], random);
    const { style } = catalogue.products[lastClick]!.attributes;
    return corners.get(`${complement} ${style}`) ?? aisles.get(complement) ?? anything;
  };
  return (context, random) => shelfOf(context, random)(random);
}

function categoryName(catalogue: Catalogue, item: number): string {
  return catalogue.products[item]!.attributes.category;
}

function cornerName(catalogue: Catalogue, item: number): string {
  return `${categoryName(catalogue, item)} ${catalogue.products[item]!.attributes.style}`;
}

/** Groups the items by name, each group drawn by popularity. */
function shelvesBy(catalogue: Catalogue, nameOf: (item: number) => string): Map<string, Shelf> {
  const groups = new Map<string, number[]>();
  for (const item of catalogue.products.keys()) {
    const group = groups.get(nameOf(item)) ?? [];
    groups.set(nameOf(item), group);
    group.push(item);
  }
  return new Map([...groups].map(([name, items]) => [name, shelf(catalogue, items)]));
}

function shelf(catalogue: Catalogue, items: readonly number[]): Shelf {
  const place = weightedSampler(items.map((item) => catalogue.popularity[item]!));
  return (random) => items[place(random)]!;
}

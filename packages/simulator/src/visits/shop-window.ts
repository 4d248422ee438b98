import type { Catalogue } from '../catalogue/catalogue.ts';
import { complementCodes } from '../catalogue/complements.ts';
import { styles } from '../catalogue/style.ts';
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
  const { category, style } = catalogue;
  const itemCount = category.length;
  const anything: Shelf = (random) => Math.floor(random() * itemCount);
  const bestSellers = weightedSampler(catalogue.popularity);
  const corner = (ofCategory: number, ofStyle: number) => ofCategory * styles.length + ofStyle;
  const aisles = shelvesBy(catalogue, (item) => category[item]!);
  const corners = shelvesBy(catalogue, (item) => corner(category[item]!, style[item]!));
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
    if (drawn === 1 || lastClick < 0) return aisles[browsedCategory] ?? anything;
    const complement = pick(complementCodes[category[lastClick]!]!, random);
    return corners[corner(complement, style[lastClick]!)] ?? aisles[complement] ?? anything;
  };
  return (context, random) => shelfOf(context, random)(random);
}

/** Groups the items by a code, each group drawn by popularity; a code without items has no shelf. */
function shelvesBy(catalogue: Catalogue, codeOf: (item: number) => number): (Shelf | undefined)[] {
  const groups: number[][] = [];
  for (const item of catalogue.category.keys()) {
    groups[codeOf(item)] ??= [];
    groups[codeOf(item)]!.push(item);
  }
  return Array.from(groups, (items) => items && shelf(catalogue, Int32Array.from(items)));
}

function shelf(catalogue: Catalogue, items: Int32Array): Shelf {
  const place = weightedSampler(Float64Array.from(items, (item) => catalogue.popularity[item]!));
  return (random) => items[place(random)]!;
}

import { gaussian } from '../random-draws.ts';
import { categories } from './category.ts';
import { drawProducts } from './draw-products.ts';
import { embedProducts } from './embed-products.ts';
import { drawPopularities } from './popularity.ts';
import type { Product } from './product.ts';
import { styles } from './style.ts';

/** The products with what the simulation knows about them, all indexed by item. */
export interface Catalogue {
  readonly products: readonly Product[];
  /** Axes of the latent space. */
  readonly dimension: number;
  /** Latent unit vectors: row-major `[itemCount * dimension]`. */
  readonly vectors: Float32Array;
  /** Index into `categories`: shape `[itemCount]`. */
  readonly category: Uint8Array;
  /** Index into `styles`: shape `[itemCount]`. */
  readonly style: Uint8Array;
  /** How often the store shows a product unasked, as a weight above 0: shape `[itemCount]`. */
  readonly popularity: Float64Array;
  /** What everyone finds attractive in a product, around 0: shape `[itemCount]`. */
  readonly appeal: Float32Array;
  /** Price against that of the category, in standard deviations: shape `[itemCount]`. */
  readonly dearness: Float32Array;
}

export interface CatalogueOptions {
  readonly itemCount: number;
  readonly popularitySkew: number;
  readonly hiddenShare: number;
}

const appealScale = 0.03;

/** Draws products, their latent vectors and their popularity. */
export function drawCatalogue(options: CatalogueOptions, random: () => number): Catalogue {
  const { itemCount, popularitySkew, hiddenShare } = options;
  const products = drawProducts(itemCount, random);
  return {
    products,
    ...embedProducts(products, hiddenShare, random),
    category: Uint8Array.from(products, (product) =>
      categories.indexOf(product.attributes.category),
    ),
    style: Uint8Array.from(products, (product) => styles.indexOf(product.attributes.style)),
    popularity: drawPopularities(itemCount, popularitySkew, random),
    appeal: Float32Array.from({ length: itemCount }, () => appealScale * gaussian(random)),
    dearness: measureDearness(products),
  };
}

function measureDearness(products: readonly Product[]): Float32Array {
  const dearness = new Float32Array(products.length);
  for (const category of categories) {
    const items = [...products.keys()].filter(
      (item) => products[item]!.attributes.category === category,
    );
    const logPrices = items.map((item) => Math.log(products[item]!.attributes.price));
    const mean = logPrices.reduce((sum, price) => sum + price, 0) / items.length;
    const variance = logPrices.reduce((sum, price) => sum + (price - mean) ** 2, 0) / items.length;
    for (const [rank, item] of items.entries()) {
      dearness[item] = (logPrices[rank]! - mean) / (Math.sqrt(variance) || 1);
    }
  }
  return dearness;
}

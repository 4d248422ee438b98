import type { Material } from './material.ts';

/** The kinds of goods the store sells. */
export type Category =
  | 'basket'
  | 'bottle'
  | 'chair'
  | 'clock'
  | 'cushion'
  | 'lamp'
  | 'mug'
  | 'plate'
  | 'rug'
  | 'table'
  | 'teapot'
  | 'vase';

export interface CategoryTraits {
  /** What a text calls such a product. */
  readonly nouns: readonly [string, ...string[]];
  /** What such a product can be made of. */
  readonly materials: readonly [Material, ...Material[]];
  /** Median price, in euros. */
  readonly typicalPrice: number;
}

export const categoryTraits: Readonly<Record<Category, CategoryTraits>> = {
  basket: { nouns: ['basket'], materials: ['rattan', 'cotton', 'steel'], typicalPrice: 28 },
  bottle: { nouns: ['bottle', 'flask'], materials: ['glass', 'steel'], typicalPrice: 19 },
  chair: {
    nouns: ['chair', 'side chair'],
    materials: ['oak', 'steel', 'rattan'],
    typicalPrice: 120,
  },
  clock: { nouns: ['clock', 'wall clock'], materials: ['oak', 'steel'], typicalPrice: 42 },
  cushion: { nouns: ['cushion', 'pillow'], materials: ['cotton', 'wool'], typicalPrice: 24 },
  lamp: {
    nouns: ['lamp', 'table lamp'],
    materials: ['steel', 'ceramic', 'glass'],
    typicalPrice: 65,
  },
  mug: { nouns: ['mug', 'cup'], materials: ['ceramic', 'steel', 'glass'], typicalPrice: 14 },
  plate: { nouns: ['plate', 'dish'], materials: ['ceramic', 'glass', 'oak'], typicalPrice: 16 },
  rug: { nouns: ['rug', 'carpet'], materials: ['wool', 'cotton'], typicalPrice: 95 },
  table: {
    nouns: ['table', 'side table'],
    materials: ['oak', 'steel', 'glass'],
    typicalPrice: 180,
  },
  teapot: { nouns: ['teapot'], materials: ['ceramic', 'steel', 'glass'], typicalPrice: 38 },
  vase: { nouns: ['vase'], materials: ['ceramic', 'glass'], typicalPrice: 32 },
};

/** Every category, in a fixed order. */
export const categories: readonly Category[] = Object.keys(categoryTraits) as Category[];

import { type Category, categories } from './category.ts';

/**
 * What people look for next: after a click in a category, products of these
 * two become more likely. No edge has its reverse, so the order of clicks
 * says something that their set does not.
 */
export const complements: Readonly<Record<Category, readonly [Category, Category]>> = {
  basket: ['cushion', 'chair'],
  bottle: ['vase', 'basket'],
  chair: ['cushion', 'rug'],
  clock: ['vase', 'teapot'],
  cushion: ['rug', 'mug'],
  lamp: ['clock', 'mug'],
  mug: ['teapot', 'plate'],
  plate: ['table', 'bottle'],
  rug: ['basket', 'clock'],
  table: ['chair', 'lamp'],
  teapot: ['plate', 'bottle'],
  vase: ['table', 'lamp'],
};

/** The same by index into `categories`. */
export const complementCodes: readonly (readonly [number, number])[] = categories.map(
  (category) => {
    const [one, other] = complements[category];
    return [categories.indexOf(one), categories.indexOf(other)];
  },
);

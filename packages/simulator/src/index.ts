export { type Category, categories } from './catalogue/category.ts';
export { type Colour, colours } from './catalogue/colour.ts';
export { complements } from './catalogue/complements.ts';
export { type Material, materials } from './catalogue/material.ts';
export { type Pattern, patterns } from './catalogue/pattern.ts';
export type { Product, ProductAttributes } from './catalogue/product.ts';
export { type Style, styles } from './catalogue/style.ts';
export { renderProduct } from './drawing/render-product.ts';
export { simulateInSteps, simulateStorefront } from './simulate-storefront.ts';
export type { Storefront } from './storefront.ts';
export {
  type StorefrontOptions,
  type StorefrontSettings,
  storefrontSettings,
} from './storefront-options.ts';
export { type LatentTastes, latentTastes } from './users/latent-tastes.ts';
export { selectTastes, type TasteTable } from './users/taste-table.ts';
export type { Exposure } from './visits/exposure.ts';

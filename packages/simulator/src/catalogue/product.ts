import type { Category } from './category.ts';
import type { Colour } from './colour.ts';
import type { Material } from './material.ts';
import type { Pattern } from './pattern.ts';
import type { Style } from './style.ts';

export interface ProductAttributes {
  readonly category: Category;
  readonly colour: Colour;
  readonly pattern: Pattern;
  readonly material: Material;
  readonly style: Style;
  /** In euros, to the half euro. */
  readonly price: number;
}

export interface Product {
  /** `P0001`, `P0002`, … in catalogue order. */
  readonly id: string;
  /** One line: the product's made-up name, its kind, and some of its attributes. */
  readonly title: string;
  /** One to three sentences. Attributes may go unmentioned. */
  readonly description: string;
  readonly attributes: ProductAttributes;
}

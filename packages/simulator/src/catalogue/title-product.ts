import { pick } from '../random-draws.ts';
import { categoryTraits } from './category.ts';
import type { ProductAttributes } from './product.ts';

const openings = ['Al', 'Bre', 'Cor', 'Da', 'Fen', 'Hal', 'Io', 'Ka', 'Lu', 'Mor', 'Ne', 'Os'];
const middles = ['bi', 'da', 'le', 'lo', 'mi', 'na', 'ri', 've'];
const endings = ['', 'a', 'ka', 'lin', 'na', 'ro', 'ssa', 'to'];

/** `Breloka striped ceramic mug in coral`, or less of it: a title skips what it likes. */
export function titleProduct(attributes: ProductAttributes, random: () => number): string {
  const { category, colour, pattern, material, style } = attributes;
  const name = pick(openings, random) + pick(middles, random) + pick(endings, random);
  const noun = pick(categoryTraits[category].nouns, random);
  const maybe = (word: string, probability: number) => (random() < probability ? word : '');

  const adjectives = [
    maybe(style, 0.45),
    pattern === 'plain' ? '' : maybe(pattern, 0.75),
    maybe(material, 0.55),
  ];
  const isColourLast = random() < 0.5;
  const shade = maybe(colour, 0.8);
  const words = isColourLast
    ? [name, ...adjectives, noun, shade && `in ${shade}`]
    : [name, shade, ...adjectives, noun];
  return words.filter(Boolean).join(' ');
}

import { pick } from '../random-draws.ts';
import { categoryTraits } from './category.ts';
import type { ProductAttributes } from './product.ts';

const moods: Readonly<Record<ProductAttributes['style'], readonly [string, string]>> = {
  industrial: ['bare edges and honest bolts', 'made for lofts and workshops'],
  minimal: ['nothing that need not be there', 'quiet enough for any room'],
  nordic: ['pale light and clean lines', 'drawn for long winters'],
  playful: ['a wink in every corner', 'it refuses to be serious'],
  retro: ['a look our grandparents would know', 'straight out of an old film'],
  rustic: ['a little uneven, as by hand', 'at home in a farmhouse kitchen'],
};

const touches: Readonly<Record<ProductAttributes['material'], string>> = {
  ceramic: 'glazed ceramic, cool to the touch',
  cotton: 'soft cotton that can be washed',
  glass: 'clear glass that plays with the light',
  oak: 'solid oak with a visible grain',
  rattan: 'rattan, woven tight',
  steel: 'brushed steel that keeps its shape',
  wool: 'thick wool that wears well',
};

const remarks = [
  'Gift wrapping on request.',
  'Each piece differs slightly.',
  'Back in stock.',
  'Leaves our workshop within a week.',
  'Wipe clean with a damp cloth.',
  'Goes well with the rest of the series.',
] as const;

/** One to three sentences. Look, mood and touch each have a chance of being left out. */
export function describeProduct(attributes: ProductAttributes, random: () => number): string {
  const sentences = [describeLook(attributes, random)];
  if (random() < 0.6) sentences.push(describeFeel(attributes, random));
  if (random() < 0.4) sentences.push(pick(remarks, random));
  return sentences.join(' ');
}

function describeLook(attributes: ProductAttributes, random: () => number): string {
  const { category, colour, pattern, style } = attributes;
  const noun = pick(categoryTraits[category].nouns, random);
  const finish = pattern === 'plain' ? 'without a pattern' : `with a ${pattern} finish`;
  const looks = [
    `${withArticle(`${style} ${noun}`)} in ${colour}, ${finish}.`,
    `${withArticle(`${colour} ${noun}`)} ${finish}.`,
    `${withArticle(noun)} in the ${style} taste: ${moods[style][0]}.`,
    `For those who want their ${noun} ${colour}.`,
  ] as const;
  return pick(looks, random);
}

function describeFeel({ material, style }: ProductAttributes, random: () => number): string {
  const touch = touches[material];
  const mood = moods[style][1];
  return capitalise(pick([`${touch}.`, `${touch}; ${mood}.`, `${mood}.`], random));
}

function withArticle(words: string): string {
  return `${/^[aeio]/.test(words) ? 'An' : 'A'} ${words}`;
}

function capitalise(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

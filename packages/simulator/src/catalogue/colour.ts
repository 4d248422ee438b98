export type Colour =
  | 'blush'
  | 'charcoal'
  | 'coral'
  | 'ivory'
  | 'mustard'
  | 'navy'
  | 'plum'
  | 'sage'
  | 'sky blue'
  | 'teal';

/** Every colour with its fill, `#rrggbb`. */
export const colourFills: Readonly<Record<Colour, string>> = {
  blush: '#e9b3b0',
  charcoal: '#4a4c52',
  coral: '#e8694c',
  ivory: '#f2e8d0',
  mustard: '#dda52f',
  navy: '#2d4373',
  plum: '#7d4777',
  sage: '#93b088',
  'sky blue': '#80b6de',
  teal: '#23807f',
};

/** Every colour, in a fixed order. */
export const colours: readonly Colour[] = Object.keys(colourFills) as Colour[];

export type Style = 'industrial' | 'minimal' | 'nordic' | 'playful' | 'retro' | 'rustic';

/** Every style, in a fixed order. */
export const styles: readonly Style[] = [
  'industrial',
  'minimal',
  'nordic',
  'playful',
  'retro',
  'rustic',
];

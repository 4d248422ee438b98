export type Pattern = 'checked' | 'dotted' | 'leafy' | 'plain' | 'striped' | 'zigzag';

/** Every pattern, in a fixed order. */
export const patterns: readonly Pattern[] = [
  'checked',
  'dotted',
  'leafy',
  'plain',
  'striped',
  'zigzag',
];

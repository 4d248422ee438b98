import type { Pattern } from '../catalogue/pattern.ts';
import { brightness, shade } from './shade.ts';

const tiles: Readonly<Record<Exclude<Pattern, 'plain'>, string>> = {
  checked: '<path d="M0 0H8V8H0Z M8 8H16V16H8Z" fill="INK"/>',
  dotted: '<circle cx="4" cy="4" r="2.7" fill="INK"/><circle cx="12" cy="12" r="2.7" fill="INK"/>',
  leafy:
    '<path d="M2 13 Q2 4 11 3 Q11 12 2 13Z" fill="INK"/>' +
    '<circle cx="13" cy="12" r="1.4" fill="INK"/>',
  striped: '<path d="M0 0H6V16H0Z" fill="INK"/>',
  zigzag: '<path d="M-1 9 L4 4 L12 12 L17 7" fill="none" stroke="INK" stroke-width="3.4"/>',
};

/** A `<pattern>` that repeats over a body of the given colour; empty for plain. */
export function patternTile(id: string, pattern: Pattern, colour: string, phase: number): string {
  if (pattern === 'plain') return '';
  const ink = shade(colour, brightness(colour) > 0.6 ? -0.42 : 0.62);
  const offset = phase.toFixed(1);
  return (
    `<pattern id="${id}" width="16" height="16" patternUnits="userSpaceOnUse" ` +
    `patternTransform="translate(${offset} ${offset})">` +
    `${tiles[pattern].replaceAll('INK', ink)}</pattern>`
  );
}

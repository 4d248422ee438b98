import { colourFills } from '../catalogue/colour.ts';
import type { Product } from '../catalogue/product.ts';
import { escapeXml } from './escape-xml.ts';
import { type IdVariation, idVariation } from './id-variation.ts';
import { materialFinishes } from './material-finish.ts';
import { patternTile } from './pattern-tile.ts';
import { brightness, shade } from './shade.ts';
import { silhouettes } from './silhouettes.ts';
import { styleScenes } from './style-scene.ts';

/**
 * Draws a product as a standalone SVG of 128 by 128 units: shape by category,
 * fill by colour, overlay by pattern, sheen by material, surroundings by style.
 * Tilt, size, side and the pattern's start vary a little with the id. Equal
 * products give equal text; ids inside it differ between products, so several
 * can stand in one page.
 */
export function renderProduct(product: Product): string {
  const { attributes, title } = product;
  const variation = idVariation(product.id);
  const { background } = styleScenes[attributes.style];
  const hidesShadow = attributes.category === 'clock';
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" width="128" height="128" viewBox="0 0 128 128">',
    `<title>${escapeXml(title)}</title>`,
    definitions(product, variation),
    background,
    hidesShadow ? '' : '<ellipse cx="64" cy="109" rx="44" ry="5" fill="#000" opacity=".18"/>',
    `<g transform="${placement(variation)}">${drawObject(product, variation.key)}</g>`,
    '</svg>',
  ].join('');
}

function placement({ tilt, scale, isMirrored }: IdVariation): string {
  const width = isMirrored ? -scale : scale;
  return (
    `translate(64 108) rotate(${tilt.toFixed(2)}) ` +
    `scale(${width.toFixed(3)} ${scale.toFixed(3)}) translate(-64 -108)`
  );
}

function definitions({ attributes }: Product, { key, phase }: IdVariation): string {
  const { category, pattern, colour, material } = attributes;
  const finish = materialFinishes[material].paint.replace('ID', `${key}-finish`);
  const outline = `<clipPath id="${key}-clip"><path d="${silhouettes[category].body}"/></clipPath>`;
  const tile = patternTile(`${key}-tile`, pattern, colourFills[colour], phase);
  return `<defs>${outline}${finish}${tile}</defs>`;
}

function drawObject({ attributes }: Product, key: string): string {
  const { category, colour, pattern, material, style } = attributes;
  const { frame, frameWidth, body, lines } = silhouettes[category];
  const { opacity } = materialFinishes[material];
  const fill = colourFills[colour];
  const edge = shade(fill, -0.45);
  const trace = brightness(fill) > 0.4 ? edge : shade(fill, 0.7);
  const layer = (paint: string) => `<path d="${body}" fill="${paint}"/>`;
  const overlay = pattern === 'plain' ? '' : layer(`url(#${key}-tile)`);
  return [
    stroke(frame, styleScenes[style].frameColour, frameWidth),
    `<g clip-path="url(#${key}-clip)"><g opacity="${opacity}">${layer(fill)}${overlay}</g>`,
    `${layer(`url(#${key}-finish)`)}</g>`,
    stroke(body, edge, 2),
    stroke(lines, trace, category === 'clock' ? 4 : 2),
  ].join('');
}

function stroke(path: string, colour: string, width: number): string {
  if (path === '') return '';
  return (
    `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${width}" ` +
    'stroke-linecap="round" stroke-linejoin="round"/>'
  );
}

import type { Style } from '../catalogue/style.ts';

/** What a style puts behind the product: it fills the box of 128 by 128. */
export interface StyleScene {
  readonly background: string;
  /** Colour of handles, legs and poles. */
  readonly frameColour: string;
}

const wall = (colour: string) => `<path d="M0 0H128V128H0Z" fill="${colour}"/>`;

export const styleScenes: Readonly<Record<Style, StyleScene>> = {
  industrial: {
    background:
      `${wall('#b9b6b0')}<path d="M0 16H128M0 40H128M0 64H128M0 88H128M32 0V16M96 0V16M0 16V40` +
      `M64 16V40M128 16V40M32 40V64M96 40V64M64 64V88" stroke="#a5a19a" stroke-width="2"/>` +
      `<path d="M0 102H128V128H0Z" fill="#85817b"/>`,
    frameColour: '#2b2c2f',
  },
  minimal: { background: wall('#f8f7f5'), frameColour: '#8d8f94' },
  nordic: {
    background: `${wall('#e2ebf1')}<path d="M0 100H128V128H0Z" fill="#cfae86"/>`,
    frameColour: '#c29a68',
  },
  playful: {
    background:
      `${wall('#fff3bf')}<g><circle cx="16" cy="20" r="8" fill="#ff8fab"/>` +
      `<circle cx="110" cy="26" r="11" fill="#74c0fc"/><circle cx="14" cy="88" r="6" fill="#63e6be"/>` +
      `<circle cx="118" cy="82" r="7" fill="#ffa94d"/><circle cx="34" cy="6" r="4" fill="#b197fc"/>` +
      `<path d="M0 108Q16 98 32 108T64 108T96 108T128 108V128H0Z" fill="#b2f2bb"/></g>`,
    frameColour: '#d6336c',
  },
  retro: {
    background:
      `${wall('#f3d9a4')}<circle cx="64" cy="70" r="58" fill="#e8ae68"/>` +
      `<circle cx="64" cy="70" r="44" fill="#d9824f"/><circle cx="64" cy="70" r="30" fill="#bf5a3c"/>`,
    frameColour: '#5a3a28',
  },
  rustic: {
    background:
      `${wall('#e5d5bb')}<path d="M0 92H128V128H0Z" fill="#9c7449"/>` +
      `<path d="M0 104H128M0 116H128M40 92V104M92 104V116M24 116V128" stroke="#7d5a35" stroke-width="2"/>`,
    frameColour: '#6d4a2a',
  },
};

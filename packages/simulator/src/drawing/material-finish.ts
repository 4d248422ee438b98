import type { Material } from '../catalogue/material.ts';

/** How a material looks over a colour. */
export interface MaterialFinish {
  /** Opacity of the body, 0 to 1. */
  readonly opacity: number;
  /** Content of `<defs>`: a paint server whose id is `ID`. */
  readonly paint: string;
}

const sheen = (stops: readonly (readonly [offset: number, colour: string, opacity: number])[]) =>
  stops
    .map(
      ([offset, colour, opacity]) =>
        `<stop offset="${offset}" stop-color="${colour}" stop-opacity="${opacity}"/>`,
    )
    .join('');

const across = (stops: Parameters<typeof sheen>[0]) =>
  `<linearGradient id="ID" x1="0" y1="0" x2="1" y2="0">${sheen(stops)}</linearGradient>`;

const weave = (size: number, marks: string) =>
  `<pattern id="ID" width="${size}" height="${size}" patternUnits="userSpaceOnUse">${marks}</pattern>`;

export const materialFinishes: Readonly<Record<Material, MaterialFinish>> = {
  ceramic: {
    opacity: 1,
    paint: `<radialGradient id="ID" cx="0.3" cy="0.25" r="0.9">${sheen([
      [0, '#fff', 0.6],
      [0.25, '#fff', 0.12],
      [1, '#000', 0.22],
    ])}</radialGradient>`,
  },
  cotton: {
    opacity: 1,
    paint: weave(4, '<path d="M0 1H4M1 0V4" stroke="#fff" stroke-opacity=".2" stroke-width=".8"/>'),
  },
  glass: {
    opacity: 0.5,
    paint: across([
      [0, '#fff', 0.7],
      [0.18, '#fff', 0.05],
      [0.75, '#fff', 0],
      [0.88, '#fff', 0.6],
      [1, '#fff', 0.15],
    ]),
  },
  oak: {
    opacity: 1,
    paint: weave(
      24,
      '<path d="M0 3Q12 7 24 3M0 9Q12 6 24 9M0 16Q12 20 24 16M0 22Q12 20 24 22" ' +
        'fill="none" stroke="#5b3413" stroke-opacity=".45" stroke-width="1.1"/>',
    ),
  },
  rattan: {
    opacity: 1,
    paint: weave(
      10,
      '<path d="M0 2.5H5M5 7.5H10M2.5 5V10M7.5 0V5" ' +
        'stroke="#4b3010" stroke-opacity=".5" stroke-width="1.8"/>',
    ),
  },
  steel: {
    opacity: 1,
    paint: across([
      [0, '#000', 0.4],
      [0.22, '#fff', 0.5],
      [0.45, '#000', 0.1],
      [0.7, '#fff', 0.38],
      [1, '#000', 0.42],
    ]),
  },
  wool: {
    opacity: 1,
    paint: weave(
      7,
      '<path d="M0 2Q2 5 4 2T8 2" fill="none" stroke="#000" stroke-opacity=".22" stroke-width="1.5"/>' +
        '<path d="M-2 6Q0 8 2 5T6 6" fill="none" stroke="#fff" stroke-opacity=".28" stroke-width="1.5"/>',
    ),
  },
};

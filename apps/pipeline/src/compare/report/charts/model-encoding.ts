import type { Comparison } from '../../comparison.ts';

/** Okabe and Ito's colours, which the colour-blind tell apart; dashes tell more than eight apart. */
const colours = [
  '#0072B2',
  '#D55E00',
  '#009E73',
  '#CC79A7',
  '#E69F00',
  '#56B4E9',
  '#000000',
  '#7F7F7F',
];
const dashes = [
  [1, 0],
  [6, 3],
  [2, 2],
];

/** The encodings that tell the models in a chart apart; a model looks alike in every chart. */
export function modelEncoding(comparison: Comparison, shown: readonly { model: string }[]) {
  const order = [...new Set(comparison.cells.map(({ model }) => model))];
  const models = [...new Set(shown.map(({ model }) => model))];
  const places = models.map((model) => order.indexOf(model));
  const color = {
    domain: models,
    range: places.map((place) => colours[place % colours.length]!),
  };
  const dash = places.map((place) => dashes[Math.floor(place / colours.length) % dashes.length]!);
  return {
    color: { field: 'model', type: 'nominal', scale: color, title: 'model' },
    strokeDash: {
      field: 'model',
      type: 'nominal',
      scale: { domain: models, range: dash },
      title: 'model',
    },
  } as const;
}

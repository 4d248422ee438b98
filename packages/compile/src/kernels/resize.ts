import { reshaped, table } from './arrange.ts';
import { converted, type KernelRule, type KernelRules, named } from './rule.ts';

interface ResizeAttributes {
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

/** Where the cells of a resized axis come from, in cells of the axis before, as tfjs reckons it. */
function sources(before: number, after: number, { alignCorners }: ResizeAttributes): number[] {
  const isAligned = alignCorners && after > 1;
  const ratio = (isAligned ? before - 1 : before) / (isAligned ? after - 1 : after);
  return Array.from({ length: after }, (_, cell) => ratio * cell);
}

/** The two cells that each cell of a resized axis lies between, and how far it is from the first. */
function neighbours(before: number, after: number, attributes: ResizeAttributes) {
  const shift = attributes.halfPixelCenters ? 0.5 * (before / after) - 0.5 : 0;
  const places = sources(before, after, attributes).map((place) => place + shift);
  const first = places.map((place) => Math.max(0, Math.floor(place)));
  const second = places.map((place) => Math.max(0, Math.min(before - 1, Math.ceil(place))));
  return { first, second, shares: places.map((place, cell) => place - first[cell]!) };
}

function nearest(before: number, after: number, attributes: ResizeAttributes): number[] {
  const { alignCorners, halfPixelCenters } = attributes;
  const shift = halfPixelCenters ? 0.5 * (before / after) : 0;
  return sources(before, after, attributes).map((place) => {
    const cell = alignCorners ? Math.round(place + shift) : Math.floor(place + shift);
    return Math.max(0, Math.min(before - 1, cell));
  });
}

const resizeNearest: KernelRule = (recorder, { images }, { size, ...attributes }) => {
  const [batch, height, width, channels] = images.shape;
  const name = [height, width].reduce((value, extent, place) => {
    const cells = recorder.graph.integers(nearest(extent, size[place], attributes));
    return recorder.graph.apply('Gather', [value, cells], { axis: place + 1 });
  }, recorder.name(images));
  return recorder.info(name, [batch, ...size, channels], images.dtype);
};

/** Row by row, then column by column: first + (second − first) · share. */
const resizeBilinear: KernelRule = (recorder, { images }, { size, ...attributes }) => {
  const { graph } = recorder;
  const [batch, height, width, channels] = images.shape;
  const name = [height, width].reduce(
    (value, extent, place) => {
      const axis = place + 1;
      const { first, second, shares } = neighbours(extent, size[place], attributes);
      const [low, high] = [first, second].map((cells) =>
        graph.apply('Gather', [value, graph.integers(cells)], { axis }),
      ) as [string, string];
      const form = axis === 1 ? [size[place], 1, 1] : [size[place], 1];
      const share = table(recorder, 'float32', form, shares);
      const step = graph.apply('Mul', [graph.apply('Sub', [high, low]), share]);
      return graph.apply('Add', [low, step]);
    },
    named(recorder, images, 'float32'),
  );
  return recorder.info(name, [batch, ...size, channels], 'float32');
};

/** `[before, after]`: the weight that each cell before has in each cell after. */
type Weights = (before: number, after: number, attributes: ResizeAttributes) => number[][];

function emptyWeights(before: number, after: number): number[][] {
  return Array.from({ length: before }, () => Array<number>(after).fill(0));
}

const nearestWeights: Weights = (before, after, attributes) => {
  const weights = emptyWeights(before, after);
  for (const [cell, source] of nearest(before, after, attributes).entries()) {
    weights[source]![cell] = 1;
  }
  return weights;
};

const bilinearWeights: Weights = (before, after, attributes) => {
  const weights = emptyWeights(before, after);
  const { first, second, shares } = neighbours(before, after, attributes);
  for (const [cell, share] of shares.entries()) {
    weights[first[cell]!]![cell]! += 1 - share;
    weights[second[cell]!]![cell]! += share;
  }
  return weights;
};

/**
 * Resizing is a product with the weights of the rows and one with those of the columns, so the
 * gradient is a product with each of them transposed. As tfjs's, it takes no account of
 * `halfPixelCenters`.
 */
function gradient(weightsOf: Weights): KernelRule {
  return (recorder, { images, dy }, { alignCorners }) => {
    const [batch, height, width, channels] = images.shape;
    const [, rows, columns] = dy.shape;
    const attributes = { alignCorners, halfPixelCenters: false };
    const multiplied = (name: string, before: number, after: number, shape: number[]) => {
      const weights = table(
        recorder,
        'float32',
        [before, after],
        weightsOf(before, after, attributes).flat(),
      );
      return recorder.graph.apply('MatMul', [weights, reshaped(recorder, name, shape)]);
    };
    const share = named(recorder, dy, 'float32');
    const byRow = multiplied(share, height, rows, [batch, rows, columns * channels]);
    const byColumn = multiplied(byRow, width, columns, [batch * height, columns, channels]);
    const name = reshaped(recorder, byColumn, images.shape);
    const { shape, dtype } = images;
    return recorder.info(converted(recorder, name, 'float32', dtype), shape, dtype);
  };
}

export const resizeRules: KernelRules = {
  ResizeBilinear: resizeBilinear,
  ResizeBilinearGrad: gradient(bilinearWeights),
  ResizeNearestNeighbor: resizeNearest,
  ResizeNearestNeighborGrad: gradient(nearestWeights),
};
